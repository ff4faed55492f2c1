import type { Transport } from '../../../core/flow.ts'
import { transports } from '../../../core/flow.ts'
import { isEveryPort } from '../../decide/ports.ts'
import type { ResolvedPolicy, ResolvedPorts } from '../../language/resolved.ts'
import type { CompileOptions, Target } from '../contract/target.ts'
import {
  type ClusterEnd,
  clusterAssumptions,
  clusterParts,
  type WorkloadLiteral,
  type Workloads,
} from '../ends/cluster-ends.ts'
import { type ClusterAbilities, type Half, type RuleHalves, ruleHalves } from '../ends/halves.ts'
import { isLabelKey, isLabelValue } from '../ends/label-values.ts'
import { Losses } from '../ends/losses.ts'
import { DEFAULT_DENY, headOf, type KubernetesObject, type Metadata, manifest, metadataOf } from '../ends/manifest.ts'

/** Labels that Calico gives to workloads and namespaces. */
const SERVICE_ACCOUNT = 'projectcalico.org/serviceaccount'
const NAMESPACE_NAME = 'projectcalico.org/name'

const abilities: ClusterAbilities = {
  title: 'Calico',
  hasHostNames: false,
  hasNetworksOutside: false,
  hasIcmp: true,
  hasAuthentication: false,
  refuses({ property }) {
    const value = property.kind === 'label' ? property.value : property.name
    const isValue =
      property.kind === 'service-identity' ? isLabelValue(value.replace(/[-._]*\*$/, '')) : isLabelValue(value)
    if (!isValue) return `${value} cannot be the value of a label`
    return property.kind === 'label' && !isLabelKey(property.label) ? `${property.label} cannot be a label` : undefined
  },
}

export const calico: Target = {
  name: 'calico',
  title: 'NetworkPolicy of Calico (projectcalico.org/v3)',
  extension: 'yaml',
  isNamespaced: true,
  expresses: new Set(clusterParts),
  assumes: [
    ...clusterAssumptions,
    'The policies are in the tier default, which drops what none of them allows; no policy of an earlier tier allows it before.',
  ],
  staged:
    'the policies are of the kind StagedNetworkPolicy, which Calico reports in its flow logs and does not enforce.',
  compile(policy, options) {
    const losses = new Losses()
    const rules = ruleHalves(policy, options, abilities, losses)
    const objects = [defaultDeny(policy, options), ...rules.flatMap(halves => ruleObjects(policy, halves, options))]
    return { text: manifest(headOf(policy, calico, options, losses.all), objects), losses: losses.all }
  },
}

const object = ({ isStaged }: CompileOptions, metadata: Metadata, spec: object): KubernetesObject => ({
  apiVersion: 'projectcalico.org/v3',
  kind: isStaged ? 'StagedNetworkPolicy' : 'NetworkPolicy',
  metadata,
  spec: { ...(isStaged ? { stagedAction: 'Set' } : {}), ...spec },
})

/** It selects every workload and allows nothing: what no other policy of the tier allows, the end of the tier drops. */
const defaultDeny = (policy: ResolvedPolicy, options: CompileOptions) =>
  object(options, metadataOf(policy, options, DEFAULT_DENY), { selector: 'all()', types: ['Ingress', 'Egress'] })

function ruleObjects(
  policy: ResolvedPolicy,
  { rule, egress, ingress }: RuleHalves,
  options: CompileOptions,
): readonly KubernetesObject[] {
  const of = (direction: 'egress' | 'ingress', halves: readonly Half[]) => {
    // Halves of the same subjects are one policy.
    const grouped = Map.groupBy(halves, ({ subjects }) => JSON.stringify(subjects))
    return [...grouped.values()].map((those, index) =>
      object(options, metadataOf(policy, options, [rule.name, direction, String(index + 1)], rule.name), {
        selector: those[0]?.subjects.map(subject => selectorOf(policy, subject)).join(' || ') ?? 'all()',
        types: [direction === 'egress' ? 'Egress' : 'Ingress'],
        [direction]: those.flatMap(half => rulesOf(policy, rule.name, half, direction)),
      }),
    )
  }
  return [...of('egress', egress), ...of('ingress', ingress)]
}

/** One for each other end and protocol, because the parts of a rule of Calico must all hold. */
function rulesOf(
  policy: ResolvedPolicy,
  name: string,
  { peers, ports }: Half,
  direction: 'egress' | 'ingress',
): readonly object[] {
  const metadata = { annotations: { name } }
  return peers.flatMap(peer => {
    const entity = entityOf(policy, peer)
    return protocolsOf(ports, peer).map(({ destination, ...protocol }) => {
      const [source, target] = direction === 'egress' ? [{}, { ...entity, ...destination }] : [entity, destination]
      return {
        action: 'Allow',
        metadata,
        ...protocol,
        ...(isEmpty(source) ? {} : { source }),
        ...(isEmpty(target) ? {} : { destination: target }),
      }
    })
  })
}

const isEmpty = (entity: object) => Object.keys(entity).length === 0

interface ProtocolMatch {
  readonly protocol?: string
  readonly ipVersion?: 4 | 6
  readonly destination: { readonly ports?: readonly (number | string)[] }
}

function protocolsOf(ports: readonly ResolvedPorts[] | undefined, peer: ClusterEnd): readonly ProtocolMatch[] {
  if (ports === undefined) return [{ destination: {} }]
  return transports.flatMap(transport => {
    const those = ports.filter(one => one.transport === transport)
    return those.length === 0 ? [] : transport === 'icmp' ? icmpOf(peer) : [portsOf(transport, those)]
  })
}

/** An ICMP rule of one version with networks of the other one is refused. */
const icmpOf = (peer: ClusterEnd): readonly ProtocolMatch[] =>
  (
    [
      { protocol: 'ICMP', ipVersion: 4, destination: {} },
      { protocol: 'ICMPv6', ipVersion: 6, destination: {} },
    ] as const
  ).filter(({ ipVersion }) => peer.kind !== 'network' || peer.network.family === ipVersion)

function portsOf(transport: Transport, ports: readonly ResolvedPorts[]): ProtocolMatch {
  const protocol = transport.toUpperCase()
  if (ports.some(isEveryPort)) return { protocol, destination: {} }
  return {
    protocol,
    destination: { ports: ports.map(({ first, last }) => (first === last ? first : `${first}:${last}`)) },
  }
}

function entityOf(policy: ResolvedPolicy, peer: ClusterEnd): object {
  if (peer.kind === 'network') {
    const { cidr, except } = peer.network
    return { nets: [cidr], ...(except.length === 0 ? {} : { notNets: except }) }
  }
  if (peer.kind !== 'workloads') return {}
  // Without a selector of namespaces, workloads are those of the namespace of the policy.
  return { selector: selectorOf(policy, peer.workloads), namespaceSelector: namespaceSelectorOf(peer.workloads) }
}

const selectorOf = ({ identityLabel = SERVICE_ACCOUNT }: ResolvedPolicy, workloads: Workloads): string =>
  conjunction(
    workloads.filter(({ property }) => property.kind !== 'namespace'),
    ({ property }) => {
      if (property.kind === 'label') return `${property.label} == '${property.value}'`
      return property.name.endsWith('*')
        ? `${identityLabel} starts with '${property.name.slice(0, -1)}'`
        : `${identityLabel} == '${property.name}'`
    },
  )

const namespaceSelectorOf = (workloads: Workloads): string =>
  conjunction(
    workloads.filter(({ property }) => property.kind === 'namespace'),
    ({ property }) => (property.kind === 'namespace' ? `${NAMESPACE_NAME} == '${property.name}'` : ''),
  )

function conjunction(literals: Workloads, test: (literal: WorkloadLiteral) => string): string {
  if (literals.length === 0) return 'all()'
  return literals.map(literal => (literal.isNegated ? `!(${test(literal)})` : test(literal))).join(' && ')
}
