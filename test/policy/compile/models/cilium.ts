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

const NAMESPACE = 'k8s:io.kubernetes.pod.namespace'

/**
 * CiliumNetworkPolicy as its documentation and the texts of its CRD have it. Reads manifests, and nothing of the compiler.
 */
export function ciliumModel(text: string): ClusterModel {
  const specs = objectsOf(text).flatMap(({ metadata, spec, specs = [] }) =>
    [...(spec === undefined ? [] : [spec]), ...specs].map(one => ({ namespace: metadata.namespace, ...one })),
  )
  return connection =>
    allows(specs, connection, 'egress', connection.source, connection.destination) &&
    allows(specs, connection, 'ingress', connection.destination, connection.source)
}

type Direction = 'ingress' | 'egress'

function allows(
  specs: readonly Manifest[],
  connection: Connection,
  direction: Direction,
  own: ClusterPeer,
  other: ClusterPeer,
): boolean {
  if (!isWorkload(own)) return true
  const selecting = specs.filter(
    ({ namespace, endpointSelector }) => namespace === own.namespace && selects(endpointSelector, endpointLabels(own)),
  )
  // "If not specified, the default is true for each traffic direction that has rules"; one policy that asks for it is enough.
  const isDefaultDeny = selecting.some(
    ({ enableDefaultDeny, ...spec }) => enableDefaultDeny?.[direction] ?? spec[direction] !== undefined,
  )
  if (!isDefaultDeny) return true
  return selecting.some(({ namespace, ...spec }) =>
    (spec[direction] ?? []).some((rule: Manifest) => isAllowed(rule, direction, connection, other, namespace)),
  )
}

/** Labels of Kubernetes have the source `k8s`. */
const endpointLabels = ({ labels = {}, namespace = '', serviceAccount = '' }: ClusterPeer) => ({
  ...Object.fromEntries(Object.entries(labels).map(([key, value]) => [`k8s:${key}`, value])),
  [NAMESPACE]: namespace,
  'k8s:io.cilium.k8s.policy.serviceaccount': serviceAccount,
})

const peerFields = ['Endpoints', 'Entities', 'CIDR', 'CIDRSet', 'FQDNs', 'Nodes', 'Groups', 'Services']

function isAllowed(
  rule: Manifest,
  direction: Direction,
  connection: Connection,
  other: ClusterPeer,
  namespace: string,
): boolean {
  const way = direction === 'egress' ? 'to' : 'from'
  const fields = peerFields.filter(field => rule[`${way}${field}`] !== undefined)
  if (fields.length > 1) throw new Error(`these exclude each other in one rule: ${fields}`)
  const [field] = fields
  // "- {}" allows nothing; a rule with ports alone is for every other end.
  if (field === undefined && rule.toPorts === undefined) return false
  if (field !== undefined && !isPeer(field, rule[`${way}${field}`], other, namespace)) return false
  if (rule.toPorts !== undefined && !rule.toPorts.some((ports: Manifest) => isPort(ports, connection))) return false
  if (rule.authentication?.mode === 'required') {
    return connection.isMutuallyAuthenticated && isWorkload(connection.source) && isWorkload(connection.destination)
  }
  return true
}

function isPeer(field: string, peers: readonly Manifest[], other: ClusterPeer, namespace: string): boolean {
  switch (field) {
    case 'Endpoints':
      return isWorkload(other) && peers.some(selector => selectsPeer(selector, other, namespace))
    case 'Entities':
      return peers.some(entity => entity === 'all' || entity === (isWorkload(other) ? 'cluster' : 'world'))
    case 'CIDRSet':
      // "CIDR rules do not apply to traffic where both sides are either managed by Cilium".
      return (
        !isWorkload(other) &&
        peers.some(
          ({ cidr, except = [] }) =>
            isIn(cidr, other.address) && !except.some((one: string) => isIn(one, other.address)),
        )
      )
    case 'FQDNs':
      return (
        !isWorkload(other) &&
        peers.some(
          ({ matchName, matchPattern }) => other.name !== undefined && isName(matchName ?? matchPattern, other.name),
        )
      )
    default:
      throw new Error(`the model does not know ${field}`)
  }
}

/** Without a namespace it selects endpoints of the namespace of the policy. */
function selectsPeer(selector: Manifest, other: ClusterPeer, namespace: string): boolean {
  const keys = [
    ...Object.keys(selector.matchLabels ?? {}),
    ...(selector.matchExpressions ?? []).map(({ key }: Manifest) => key),
  ]
  return (keys.includes(NAMESPACE) || other.namespace === namespace) && selects(selector, endpointLabels(other))
}

const isName = (pattern: string, name: string) =>
  new RegExp(`^${pattern.replaceAll('.', '[.]').replaceAll('*', '[-a-zA-Z0-9_]*')}$`).test(name)

function isPort({ ports = [], serverNames, rules }: Manifest, { transport, port, destination }: Connection): boolean {
  if (rules?.dns !== undefined) return false
  if (serverNames !== undefined && !serverNames.some((one: string) => isName(one, destination.name ?? ''))) return false
  return ports.some(({ port: text, endPort = Number(text), protocol = 'ANY' }: Manifest) => {
    if (transport === 'icmp' || port === undefined) return false
    return (protocol === 'ANY' || protocol === transport.toUpperCase()) && port >= Number(text) && port <= endPort
  })
}
