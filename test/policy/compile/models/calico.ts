import { isSelected } from './calico-selector.ts'
import {
  type ClusterModel,
  type ClusterPeer,
  type Connection,
  isIn,
  isWorkload,
  type Manifest,
  objectsOf,
} from './cluster.ts'

/**
 * NetworkPolicy of Calico in one tier, as its documentation has it: policies in their order, rules in theirs, the first that
 * matches decides; where policies of the tier select a workload and none decides, the tier drops. Reads manifests, and nothing
 * of the compiler.
 */
export function calicoModel(text: string): ClusterModel {
  // Staged policies are reported, not enforced.
  const policies = objectsOf(text)
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .toSorted((a, b) => orderOf(a) - orderOf(b))
  return connection =>
    allows(policies, connection, 'egress', connection.source) &&
    allows(policies, connection, 'ingress', connection.destination)
}

type Direction = 'ingress' | 'egress'

/** Without an order a policy is the last. */
const orderOf = ({ spec }: Manifest): number => spec.order ?? Number.MAX_VALUE

function allows(
  policies: readonly Manifest[],
  connection: Connection,
  direction: Direction,
  own: ClusterPeer,
): boolean {
  if (!isWorkload(own)) return true
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === own.namespace &&
      isSelected(spec.selector ?? 'all()', labelsOf(own)) &&
      typesOf(spec).includes(direction),
  )
  if (selecting.length === 0) return true
  for (const { metadata, spec } of selecting) {
    for (const rule of spec[direction] ?? []) {
      if (!isMatch(rule, connection, metadata.namespace)) continue
      if (rule.action === 'Allow') return true
      if (rule.action === 'Deny') return false
    }
  }
  return false
}

const labelsOf = ({ labels = {}, namespace = '', serviceAccount = '' }: ClusterPeer) => ({
  ...labels,
  'projectcalico.org/namespace': namespace,
  'projectcalico.org/serviceaccount': serviceAccount,
})

/** Without types: Ingress, unless there are egress rules alone; Egress where there are egress rules. */
function typesOf({ types, ingress, egress }: Manifest): readonly Direction[] {
  const found: readonly string[] = types ?? [
    ...(ingress !== undefined || egress === undefined ? ['Ingress'] : []),
    ...(egress !== undefined ? ['Egress'] : []),
  ]
  return found.map(type => type.toLowerCase() as Direction)
}

function isMatch(rule: Manifest, { source, destination, transport, port }: Connection, namespace: string): boolean {
  const { protocol, ipVersion } = rule
  if (protocol !== undefined && !protocolsOf(protocol).includes(transport)) return false
  const version = source.address.includes(':') ? 6 : 4
  if (ipVersion !== undefined && ipVersion !== version) return false
  if (protocol === 'ICMPv6' && version !== 6) return false
  if (protocol === 'ICMP' && version !== 4) return false
  return isEntity(rule.source, source, namespace, undefined) && isEntity(rule.destination, destination, namespace, port)
}

const protocolsOf = (protocol: string) => (protocol === 'ICMPv6' ? ['icmp'] : [protocol.toLowerCase()])

/** All of its parts must hold. A selector matches workloads alone: of the namespace, or of those that are selected. */
function isEntity(entity: Manifest, peer: ClusterPeer, namespace: string, port: number | undefined): boolean {
  if (entity === undefined) return true
  const { nets, notNets = [], selector, namespaceSelector, ports } = entity
  if (nets !== undefined && !nets.some((one: string) => isIn(one, peer.address))) return false
  if (notNets.some((one: string) => isIn(one, peer.address))) return false
  if (ports !== undefined && !ports.some((one: number | string) => isPort(one, port))) return false
  if (selector === undefined && namespaceSelector === undefined) return true
  if (!isWorkload(peer)) return false
  const isNamespace =
    namespaceSelector === undefined
      ? peer.namespace === namespace
      : isSelected(namespaceSelector, { 'projectcalico.org/name': peer.namespace ?? '' })
  return isNamespace && isSelected(selector ?? 'all()', labelsOf(peer))
}

function isPort(range: number | string, port: number | undefined): boolean {
  const [first = 0, last = first] = String(range).split(':').map(Number)
  return port !== undefined && port >= first && port <= last
}
