import { isEveryPort } from '../../decide/ports.ts'
import type { ResolvedPolicy, ResolvedPorts } from '../../language/resolved.ts'
import type { CompileOptions, Target } from '../contract/target.ts'
import { type ClusterEnd, clusterAssumptions, clusterParts, type Workloads } from '../ends/cluster-ends.ts'
import { bySubject, type ClusterAbilities, type Half, type RuleHalves, ruleHalves } from '../ends/halves.ts'
import { isLabelKey, isLabelValue } from '../ends/label-values.ts'
import { Losses } from '../ends/losses.ts'
import { DEFAULT_DENY, headOf, type KubernetesObject, type Metadata, manifest, metadataOf } from '../ends/manifest.ts'

/** Every namespace has it. */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name'

const abilities: ClusterAbilities = {
  title: 'a NetworkPolicy',
  hasHostNames: false,
  hasNetworksOutside: false,
  hasIcmp: false,
  hasAuthentication: false,
  refuses({ property }, { identityLabel }) {
    if (property.kind === 'service-identity') {
      if (identityLabel === undefined) {
        return `a NetworkPolicy cannot compare service accounts (${property.name}), only labels of pods; name the label with identity-label`
      }
      if (property.name.endsWith('*'))
        return `a NetworkPolicy cannot compare the beginning of an identity (${property.name})`
    }
    const value = property.kind === 'label' ? property.value : property.name
    if (!isLabelValue(value)) return `${value} cannot be the value of a label`
    return property.kind === 'label' && !isLabelKey(property.label) ? `${property.label} cannot be a label` : undefined
  },
}

export const kubernetes: Target = {
  name: 'kubernetes',
  title: 'NetworkPolicy (networking.k8s.io/v1)',
  extension: 'yaml',
  isNamespaced: true,
  expresses: new Set(clusterParts),
  assumes: [...clusterAssumptions, 'The network plugin of the cluster enforces NetworkPolicy, with endPort.'],
  compile(policy, options) {
    const losses = new Losses()
    const rules = ruleHalves(policy, options, abilities, losses)
    const objects = [defaultDeny(policy, options), ...rules.flatMap(halves => ruleObjects(policy, halves, options))]
    return { text: manifest(headOf(policy, kubernetes, options, losses.all), objects), losses: losses.all }
  },
}

const object = (metadata: Metadata, spec: object): KubernetesObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata,
  spec,
})

/** Both types are named: where they are not, egress is not denied. */
const defaultDeny = (policy: ResolvedPolicy, options: CompileOptions) =>
  object(metadataOf(policy, options, DEFAULT_DENY), { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })

function ruleObjects(
  policy: ResolvedPolicy,
  { rule, egress, ingress }: RuleHalves,
  options: CompileOptions,
): readonly KubernetesObject[] {
  const of = (direction: 'egress' | 'ingress', halves: readonly Half[]) =>
    bySubject(halves).map(([subject, those], index) =>
      object(metadataOf(policy, options, [rule.name, direction, String(index + 1)], rule.name), {
        podSelector: podSelector(policy, subject),
        policyTypes: [direction === 'egress' ? 'Egress' : 'Ingress'],
        [direction]: those.map(({ peers, ports }) => ({
          ...peersOf(policy, peers, direction === 'egress' ? 'to' : 'from'),
          ...(ports === undefined ? {} : { ports: ports.map(portOf) }),
        })),
      }),
    )
  return [...of('egress', egress), ...of('ingress', ingress)]
}

/** Without `to` or `from` a rule is for every other end; an empty list would be so too. */
function peersOf(policy: ResolvedPolicy, peers: readonly ClusterEnd[], way: 'to' | 'from'): object {
  if (peers.some(({ kind }) => kind === 'any')) return {}
  return { [way]: peers.flatMap(peer => peerOf(policy, peer)) }
}

function peerOf(policy: ResolvedPolicy, peer: ClusterEnd): readonly object[] {
  if (peer.kind === 'network') {
    const { cidr, except } = peer.network
    return [{ ipBlock: { cidr, ...(except.length === 0 ? {} : { except }) } }]
  }
  if (peer.kind !== 'workloads') return []
  // Without a selector of namespaces, pods are those of the namespace of the policy.
  return [{ namespaceSelector: namespaceSelector(peer.workloads), podSelector: podSelector(policy, peer.workloads) }]
}

const selector = (expressions: readonly object[]) => (expressions.length === 0 ? {} : { matchExpressions: expressions })

const namespaceSelector = (workloads: Workloads) =>
  selector(
    workloads.flatMap(({ property, isNegated }) =>
      property.kind === 'namespace'
        ? [{ key: NAMESPACE_NAME, operator: isNegated ? 'NotIn' : 'In', values: [property.name] }]
        : [],
    ),
  )

const podSelector = ({ identityLabel = '' }: ResolvedPolicy, workloads: Workloads) =>
  selector(
    workloads.flatMap(({ property, isNegated }) => {
      if (property.kind === 'namespace') return []
      const [key, value] = property.kind === 'label' ? [property.label, property.value] : [identityLabel, property.name]
      return [{ key, operator: isNegated ? 'NotIn' : 'In', values: [value] }]
    }),
  )

function portOf(ports: ResolvedPorts): object {
  const protocol = ports.transport.toUpperCase()
  if (isEveryPort(ports)) return { protocol }
  return { protocol, port: ports.first, ...(ports.last > ports.first ? { endPort: ports.last } : {}) }
}
