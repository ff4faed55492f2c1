import type { Target } from '../../../../core/net/target.ts'

export interface RulesetOptions {
  readonly table: string
  /** Below that of a filter chain (0), so that no earlier `established accept` keeps a connection alive. */
  readonly priority: number
  readonly allowlist: readonly Target[]
}

/** More than `remediation.limits.at_once` can ask for; beyond it the kernel refuses. */
const HOSTS = 65_536
const NETWORKS = 4_096

const SETS = `
  set allow4 { type ipv4_addr; flags interval; }
  set allow6 { type ipv6_addr; flags interval; }
  set block4 { type ipv4_addr; flags timeout; timeout 24h; size ${HOSTS}; }
  set block6 { type ipv6_addr; flags timeout; timeout 24h; size ${HOSTS}; }
  set blocknet4 { type ipv4_addr; flags interval, timeout; timeout 24h; size ${NETWORKS}; }
  set blocknet6 { type ipv6_addr; flags interval, timeout; timeout 24h; size ${NETWORKS}; }`

/** The never-block list is asked first: what the decision let through by mistake is still not dropped here. */
const RULES = [
  'ip saddr @allow4 accept',
  'ip6 saddr @allow6 accept',
  'ip saddr @block4 counter drop',
  'ip6 saddr @block6 counter drop',
  'ip saddr @blocknet4 counter drop',
  'ip6 saddr @blocknet6 counter drop',
]

/** What comes to this machine, and what it passes on. */
const HOOKS = ['input', 'forward']

/** Rules that the table must hold. */
export const RULE_COUNT = RULES.length * HOOKS.length

/**
 * The whole table in one transaction, to be run any number of times: what is blocked stays blocked with the time that
 * it has left, never-block list and rules are as given.
 */
export function rulesetScript({ table, priority, allowlist }: RulesetOptions): string {
  const chains = HOOKS.map(
    hook => `  chain ${hook} { type filter hook ${hook} priority ${priority}; policy accept; }`,
  ).join('\n')
  const allow = ([4, 6] as const).map(family => allowScript(table, family, allowlist))
  const rules = HOOKS.flatMap(hook => [
    `flush chain inet ${table} ${hook}`,
    ...RULES.map(rule => `add rule inet ${table} ${hook} ${rule}`),
  ])
  return [`table inet ${table} {${SETS}\n${chains}\n}`, ...allow, ...rules, ''].join('\n')
}

function allowScript(table: string, family: 4 | 6, networks: readonly Target[]): string {
  const set = `inet ${table} allow${family}`
  const elements = networks.filter(network => network.family === family).map(({ text }) => text)
  const add = elements.length === 0 ? '' : `\nadd element ${set} { ${elements.join(', ')} }`
  return `flush set ${set}${add}`
}
