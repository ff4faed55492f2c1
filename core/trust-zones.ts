import { guards } from './labels/guards.ts'
import { compileNetworks } from './net/networks.ts'
import { type SignalName, signalNames, signals, UNATTRIBUTED } from './signals.ts'

/** The properties that a rule can match. An absent property is matched by no matcher. */
export interface ZoneSubject {
  readonly gateway: string
  readonly signal: SignalName
  readonly host?: string
  readonly service?: string
  readonly namespace?: string
  readonly workloadLabels?: Readonly<Record<string, string>>
  readonly address?: string
  readonly subsystem?: string
  readonly route?: string
  readonly realm?: string
}

/** One end of a flow: what its own trust zone is decided by, with the gateway and the signal of the event. */
export type ZoneEnd = Pick<ZoneSubject, 'gateway' | 'signal' | 'service' | 'namespace' | 'workloadLabels' | 'address'>

/** A text that must be equal, or a pattern that must match (anchor it to match the whole text). */
export type TextMatcher = string | RegExp

type TextField = 'gateway' | 'host' | 'service' | 'namespace' | 'signal' | 'subsystem' | 'route' | 'realm'

/** Matches if every given field matches; a field matches if one of its alternatives does. */
export interface ZoneRule {
  readonly zone: string
  readonly match: Readonly<Partial<Record<TextField, readonly TextMatcher[]>>> & {
    readonly workloadLabels?: Readonly<Record<string, readonly TextMatcher[]>>
    /** Networks as `address/prefix length`, or single addresses; compared with the event's address. */
    readonly cidr?: readonly string[]
  }
}

/** OpenClaw's own entry points, then the default of each signal; a user's rules are evaluated before these. */
export const defaultZoneRules: readonly ZoneRule[] = [
  { zone: 'data-ingest', match: { subsystem: ['gateway/hooks'] } },
  // Before the default of these signals: a guard refuses its own callers, and its posture is not that of the gateway.
  {
    zone: 'guard',
    match: {
      signal: ['auth_failures', 'auth_lockouts', 'posture_drifts'],
      subsystem: guards.map(name => `guard/${name}`),
    },
  },
  { zone: 'data-ingest', match: { route: [/^\/hooks(?:\/|$)/, /\/_bulk$/, /^\/v1\/(?:logs|metrics|traces)$/] } },
  { zone: 'analytics', match: { service: ['elasticsearch', 'kibana'] } },
  {
    zone: 'analytics',
    match: {
      route: [/\/_(?:m?search|count|eql|sql|esql)(?:\/|$)/, /^\/v1\/(?:chat\/completions|responses|embeddings|models)/],
    },
  },
  { zone: 'agent-control', match: { signal: ['posture_drifts'], subsystem: ['gateway/ws'] } },
  {
    zone: 'management-api',
    match: { signal: ['policy_decisions'], subsystem: ['gateway', 'gateway/ws', 'gateway/node-connect'] },
  },
  ...signalNames.map(name => ({ zone: signals[name].trustZone, match: { signal: [name] } })),
]

export interface TrustZones {
  /** The zone of the first rule that matches. */
  zoneOf(subject: ZoneSubject): string
  /** The zone of the first rule that matches only by networks and contains the address. */
  zoneOfAddress(address: string): string
  /**
   * The zone of one end of a flow, by the first rule that matches and asks for something that the end has of its own: a
   * rule for a whole gateway would put both ends into one zone.
   */
  zoneOfEnd(end: ZoneEnd): string
}

/**
 * Compiles a map of rules once, so that an event takes a few comparisons.
 *
 * @throws Error of ipaddr.js if a rule's network is invalid; the configuration's schema has refused it before
 */
export function compileTrustZones(rules: readonly ZoneRule[]): TrustZones {
  const networks = rules
    .filter(rule => Object.keys(rule.match).join() === 'cidr')
    .map(rule => ({ zone: rule.zone, holds: compileNetworks(rule.match.cidr ?? []) }))
  return {
    zoneOf: compileBySignal(rules),
    zoneOfEnd: compileBySignal(rules.filter(isAboutEnds)),
    zoneOfAddress: address => networks.find(network => network.holds(address))?.zone ?? UNATTRIBUTED,
  }
}

type Test = (subject: ZoneSubject) => boolean

interface CompiledRule {
  readonly zone: string
  readonly tests: readonly Test[]
}

/** Most rules are about one signal: of those, an event of another is not asked. */
function compileBySignal(rules: readonly ZoneRule[]): (subject: ZoneSubject) => string {
  const compiled = rules.map(({ zone, match: { signal, ...match } }) => ({
    zone,
    isOf: signal === undefined ? () => true : textTest(signal),
    tests: testsOf(match),
  }))
  const bySignal = new Map(signalNames.map(name => [name, compiled.filter(({ isOf }) => isOf(name))]))
  return subject => zoneIn(bySignal.get(subject.signal) ?? [], subject)
}

function zoneIn(rules: readonly CompiledRule[], subject: ZoneSubject): string {
  for (let index = 0; index < rules.length; index++) {
    const { zone, tests } = rules[index] as CompiledRule
    if (passes(subject, tests)) return zone
  }
  return UNATTRIBUTED
}

const partsOfEnds: readonly (keyof ZoneRule['match'])[] = ['service', 'namespace', 'workloadLabels', 'cidr']

const isAboutEnds = ({ match }: ZoneRule): boolean => partsOfEnds.some(part => match[part] !== undefined)

/** Called for every event and rule: without a closure for each. */
function passes(subject: ZoneSubject, tests: readonly Test[]): boolean {
  for (const test of tests) if (!test(subject)) return false
  return true
}

function testsOf({ workloadLabels, cidr, ...texts }: Omit<ZoneRule['match'], 'signal'>): readonly Test[] {
  const tests: Test[] = []
  for (const [field, matchers] of Object.entries(texts) as [TextField, readonly TextMatcher[]][]) {
    const matches = textTest(matchers)
    tests.push(subject => matches(subject[field]))
  }
  for (const [label, matchers] of Object.entries(workloadLabels ?? {})) {
    const matches = textTest(matchers)
    tests.push(({ workloadLabels: labels }) =>
      matches(labels !== undefined && Object.hasOwn(labels, label) ? labels[label] : undefined),
    )
  }
  if (cidr !== undefined) {
    const holds = compileNetworks(cidr)
    tests.push(({ address }) => address !== undefined && holds(address))
  }
  return tests
}

function textTest(matchers: readonly TextMatcher[]): (text: string | undefined) => boolean {
  const equal = new Set(matchers.filter(matcher => typeof matcher === 'string'))
  const patterns = matchers.filter(matcher => typeof matcher !== 'string')
  return text => text !== undefined && (equal.has(text) || patterns.some(pattern => pattern.test(text)))
}
