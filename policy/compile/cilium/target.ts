import { isEveryPort, LAST_PORT } from '../../decide/ports.ts'
import type { ResolvedPolicy, ResolvedPorts } from '../../language/resolved.ts'
import type { CompileOptions, Target } from '../contract/target.ts'
import { clusterAssumptions, clusterParts, type WorkloadLiteral, type Workloads } from '../ends/cluster-ends.ts'
import { bySubject, type ClusterAbilities, endsOf, type Half, type RuleHalves, ruleHalves } from '../ends/halves.ts'
import { isLabelKey, isLabelValue } from '../ends/label-values.ts'
import { Losses } from '../ends/losses.ts'
import { DEFAULT_DENY, headOf, type KubernetesObject, manifest, metadataOf } from '../ends/manifest.ts'

const NAMESPACE = 'k8s:io.kubernetes.pod.namespace'
const SERVICE_ACCOUNT = 'k8s:io.cilium.k8s.policy.serviceaccount'

/** `toPorts[].ports` takes 40. */
const MAX_PORTS = 40
/** `log.value` takes 32 characters. */
const MAX_LOG_VALUE = 32

const abilities: ClusterAbilities = {
  title: 'Cilium',
  hasHostNames: true,
  hasNetworksOutside: true,
  hasIcmp: false,
  hasAuthentication: true,
  refuses({ property }) {
    const value = property.kind === 'label' ? property.value : property.name
    if (property.kind === 'service-identity' && value.endsWith('*'))
      return `Cilium cannot compare the beginning of an identity (${value})`
    if (!isLabelValue(value)) return `${value} cannot be the value of a label`
    return property.kind === 'label' && !isLabelKey(property.label) ? `${property.label} cannot be a label` : undefined
  },
}

export const cilium: Target = {
  name: 'cilium',
  title: 'CiliumNetworkPolicy (cilium.io/v2)',
  extension: 'yaml',
  isNamespaced: true,
  expresses: new Set([...clusterParts, 'destination.name', 'authentication']),
  assumes: clusterAssumptions,
  staged:
    'the policies have enableDefaultDeny: false, so that they deny nothing; what they allow is in the flows of Hubble with the name of the rule.',
  compile(policy, options) {
    const losses = new Losses()
    const rules = ruleHalves(policy, options, abilities, losses)
    const objects = [defaultDeny(policy, options), ...rules.map(halves => ruleObject(policy, halves, options, losses))]
    return { text: manifest(headOf(policy, cilium, options, losses.all), objects), losses: losses.all }
  },
}

/** An empty rule allows nothing; `enableDefaultDeny` says what an empty direction only implies. */
function defaultDeny(policy: ResolvedPolicy, options: CompileOptions): KubernetesObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: metadataOf(policy, options, DEFAULT_DENY),
    spec: {
      endpointSelector: {},
      enableDefaultDeny: { ingress: !options.isStaged, egress: !options.isStaged },
      ingress: [{}],
      egress: [{}],
    },
  }
}

function ruleObject(
  policy: ResolvedPolicy,
  halves: RuleHalves,
  options: CompileOptions,
  losses: Losses,
): KubernetesObject {
  const { rule, egress, ingress } = halves
  const specOf = (direction: 'ingress' | 'egress', subject: Workloads, rules: readonly object[]) => ({
    description: rule.name,
    endpointSelector: selectorOf(policy, subject),
    // The other direction is that of other specifications, which enable its default deny themselves.
    enableDefaultDeny: {
      ingress: direction === 'ingress' && !options.isStaged,
      egress: direction === 'egress' && !options.isStaged,
    },
    [direction]: rules,
    log: { value: logValue(rule.name) },
  })
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: metadataOf(policy, options, [rule.name], rule.name),
    specs: [
      ...bySubject(egress).map(([subject, those]) =>
        specOf('egress', subject, egressRules(policy, halves, those, losses)),
      ),
      ...bySubject(ingress).map(([subject, those]) =>
        specOf(
          'ingress',
          subject,
          those.flatMap(half => peerRules(policy, halves, half, 'from')),
        ),
      ),
    ],
  }
}

const logValue = (name: string) =>
  [...name.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')].slice(0, MAX_LOG_VALUE).join('').slice(0, MAX_LOG_VALUE)

function egressRules(
  policy: ResolvedPolicy,
  halves: RuleHalves,
  those: readonly Half[],
  losses: Losses,
): readonly object[] {
  const rules = those.flatMap(half => peerRules(policy, halves, half, 'to'))
  const hosts = [...new Set(those.flatMap(({ peers }) => endsOf(peers, 'host').map(({ name }) => name)))]
  if (hosts.length === 0) return rules
  losses.wider(
    halves.rule.name,
    'destination.name',
    'Cilium knows host names from DNS answers alone, so that its sources may look these names up at kube-dns; nothing else enforces that',
  )
  return [...rules, lookups(hosts)]
}

const lookups = (hosts: readonly string[]) => ({
  toEndpoints: [{ matchLabels: { [NAMESPACE]: 'kube-system', 'k8s:k8s-app': 'kube-dns' } }],
  toPorts: [
    {
      ports: [{ port: '53', protocol: 'ANY' }],
      rules: { dns: hosts.map(nameMatch) },
    },
  ],
})

const nameMatch = (name: string) => (name.startsWith('*') ? { matchPattern: name } : { matchName: name })

/** `to…` and `from…` of one rule exclude each other, so that each kind of end has a rule of its own. */
function peerRules(
  policy: ResolvedPolicy,
  { rule, isAuthenticated }: RuleHalves,
  { peers, ports }: Half,
  way: 'to' | 'from',
): readonly object[] {
  const workloads = endsOf(peers, 'workloads').map(({ workloads }) => peerSelector(policy, workloads))
  const networks = endsOf(peers, 'network').map(({ network: { cidr, except } }) => ({
    cidr,
    ...(except.length === 0 ? {} : { except }),
  }))
  const more = { ...portsOf(ports), ...(isAuthenticated ? { authentication: { mode: 'required' } } : {}) }
  return [
    ...(endsOf(peers, 'any').length === 0 ? [] : [{ [`${way}Entities`]: ['all'], ...more }]),
    ...(workloads.length === 0 ? [] : [{ [`${way}Endpoints`]: workloads, ...more }]),
    ...(networks.length === 0 ? [] : [{ [`${way}CIDRSet`]: networks, ...more }]),
    ...endsOf(peers, 'host').map(({ name }) => ({
      toFQDNs: [nameMatch(name)],
      ...more,
      ...portsOf(ports, rule.isTls ? name : undefined),
    })),
  ]
}

/** @param serverName which the handshake must ask for; of TLS alone */
function portsOf(
  ports: readonly ResolvedPorts[] | undefined,
  serverName?: string,
): { readonly toPorts?: readonly object[] } {
  if (ports === undefined) return {}
  const entries = ports.map(({ transport, first, last, ...range }) => {
    const protocol = transport.toUpperCase()
    if (isEveryPort({ transport, first, last, ...range })) return { port: '1', endPort: LAST_PORT, protocol }
    return { port: String(first), ...(last > first ? { endPort: last } : {}), protocol }
  })
  const chunks = Array.from({ length: Math.ceil(entries.length / MAX_PORTS) }, (_, index) =>
    entries.slice(index * MAX_PORTS, (index + 1) * MAX_PORTS),
  )
  return {
    toPorts: chunks.map(chunk => ({
      ports: chunk,
      ...(serverName === undefined ? {} : { serverNames: [serverName] }),
    })),
  }
}

/** A selector of another end says which namespaces it means: without that it means the one of the policy. */
function peerSelector(policy: ResolvedPolicy, workloads: Workloads): object {
  const isNamespaced = workloads.some(({ property, isNegated }) => property.kind === 'namespace' && !isNegated)
  return selectorOf(policy, workloads, isNamespaced ? [] : [{ key: NAMESPACE, operator: 'Exists' }])
}

function selectorOf(policy: ResolvedPolicy, workloads: Workloads, more: readonly object[] = []): object {
  const labelOf = ({ property }: WorkloadLiteral): readonly [key: string, value: string] => {
    if (property.kind === 'namespace') return [NAMESPACE, property.name]
    if (property.kind === 'label') return [`k8s:${property.label}`, property.value]
    return [policy.identityLabel === undefined ? SERVICE_ACCOUNT : `k8s:${policy.identityLabel}`, property.name]
  }
  const expressions = [
    ...workloads.map(literal => {
      const [key, value] = labelOf(literal)
      return { key, operator: literal.isNegated ? 'NotIn' : 'In', values: [value] }
    }),
    ...more,
  ]
  return expressions.length === 0 ? {} : { matchExpressions: expressions }
}
