import {
  type ClusterModel,
  type ClusterPeer,
  type Connection,
  isIn,
  isWorkload,
  type Manifest,
  objectsOf,
  selects,
} from './cluster.ts'

/**
 * NetworkPolicy as its documentation has it: pods that a policy selects for a direction are isolated in it, and allowed is what
 * any of these policies allows; a connection needs both ends. Reads manifests, and nothing of the compiler.
 */
export function kubernetesModel(text: string): ClusterModel {
  const policies = objectsOf(text)
  return connection =>
    allows(policies, connection, 'egress', connection.source, connection.destination) &&
    allows(policies, connection, 'ingress', connection.destination, connection.source)
}

type Direction = 'ingress' | 'egress'

function allows(
  policies: readonly Manifest[],
  connection: Connection,
  direction: Direction,
  own: ClusterPeer,
  other: ClusterPeer,
): boolean {
  if (!isWorkload(own)) return true
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === own.namespace &&
      selects(spec.podSelector, podLabels(own)) &&
      typesOf(spec).includes(direction),
  )
  if (selecting.length === 0) return true
  return selecting.some(({ metadata, spec }) =>
    (spec[direction] ?? []).some(
      (rule: Manifest) =>
        isPeer(rule[direction === 'egress' ? 'to' : 'from'], other, metadata.namespace) &&
        isPort(rule.ports, connection),
    ),
  )
}

const podLabels = ({ labels = {} }: ClusterPeer) => labels

/** "If no policyTypes are specified, Ingress will always be set, and Egress if there are egress rules." */
function typesOf({ policyTypes, egress = [] }: Manifest): readonly Direction[] {
  const types: readonly string[] = policyTypes ?? (egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'])
  return types.map(type => type.toLowerCase() as Direction)
}

/** An absent or empty list is every other end. */
function isPeer(peers: readonly Manifest[] | undefined, other: ClusterPeer, namespace: string): boolean {
  if (peers === undefined || peers.length === 0) return true
  return peers.some(({ ipBlock, podSelector, namespaceSelector }) => {
    if (ipBlock !== undefined) {
      if (podSelector !== undefined || namespaceSelector !== undefined) throw new Error('ipBlock excludes selectors')
      const { cidr, except = [] } = ipBlock
      if (!except.every((one: string) => isIn(cidr, one.split('/')[0] ?? '')))
        throw new Error('except is not within cidr')
      return isIn(cidr, other.address) && !except.some((one: string) => isIn(one, other.address))
    }
    if (!isWorkload(other)) return false
    const isNamespace =
      namespaceSelector === undefined
        ? other.namespace === namespace
        : selects(namespaceSelector, { 'kubernetes.io/metadata.name': other.namespace ?? '' })
    return isNamespace && (podSelector === undefined || selects(podSelector, podLabels(other)))
  })
}

function isPort(ports: readonly Manifest[] | undefined, { transport, port }: Connection): boolean {
  if (ports === undefined || ports.length === 0) return true
  return ports.some(({ protocol = 'TCP', port: first, endPort = first }) => {
    if (protocol !== transport.toUpperCase()) return false
    return first === undefined || (port !== undefined && port >= first && port <= endPort)
  })
}
