import {
  type Condition,
  type Conjunction,
  type Destination,
  type Expectation,
  type Policy,
  type PortRange,
  type Selector,
  type Term,
  type Weekday,
  weekdays,
} from '../model/policy.ts'
import type { Keyword, PropertyKey } from './vocabulary.ts'

/** A block of a policy as both forms write it. */
export interface WrittenBlock {
  readonly keyword: Keyword
  /** Of `expect`: the answer. */
  readonly name: string
  readonly properties: readonly WrittenProperty[]
}

export interface WrittenProperty {
  readonly key: PropertyKey
  /** Alternatives; of conditions all that must hold. */
  readonly values: readonly string[]
}

/** The blocks of a policy in canonical order: what is named comes before what names it. */
export function writtenBlocks(policy: Policy): readonly WrittenBlock[] {
  const { name, timeZone, identityLabel, zones, lists, rules, roles, expectations } = policy
  const settings = [
    ...given('time-zone', timeZone === 'UTC' ? undefined : timeZone),
    ...given('identity-label', identityLabel),
  ]
  return [
    { keyword: 'policy', name, properties: settings },
    ...zones.map(zone => block('zone', zone.name, alternatives('members', zone.members))),
    ...lists.map(list => block('list', list.name, alternatives('members', list.members))),
    ...rules.map(rule =>
      block('allow', rule.name, [
        ...alternatives('from', rule.from),
        ...destinations(rule.to),
        ...words('protocol', rule.protocols),
        ...conditions(rule.conditions),
        ...given('owner', rule.owner),
        ...given('expires', rule.expires),
        ...given('reason', rule.reason),
      ]),
    ),
    ...roles.map(role =>
      block('role', role.name, [
        ...words('identities', role.identities.map(plainWord)),
        ...words('may', role.scopes.map(plainWord)),
        ...conditions(role.conditions),
      ]),
    ),
    ...expectations.map(expectation),
  ]
}

const block = (keyword: Keyword, name: string, properties: readonly WrittenProperty[]): WrittenBlock => ({
  keyword,
  name,
  properties,
})

const expectation = ({ decision, from, to, protocols, conditions: held }: Expectation): WrittenBlock =>
  block('expect', decision, [
    ...alternatives('from', [from]),
    ...destinations([to]),
    ...words('protocol', protocols),
    ...conditions(held),
  ])

/** An expectation on one line. */
export function expectationText(one: Expectation): string {
  const { keyword, name, properties } = expectation(one)
  const values = properties.map(({ key, values: all }) => `${key} ${all.join(key === 'condition' ? ' and ' : ', ')}`)
  return [keyword, name, ...values].join(' ')
}

const given = (key: PropertyKey, value: string | undefined): readonly WrittenProperty[] =>
  value === undefined ? [] : [{ key, values: [value] }]

const words = (key: PropertyKey, values: readonly string[]): readonly WrittenProperty[] =>
  values.length === 0 ? [] : [{ key, values }]

const alternatives = (key: PropertyKey, selector: Selector): readonly WrittenProperty[] =>
  words(key, selector.map(conjunctionText))

const destinations = (to: readonly Destination[]): readonly WrittenProperty[] =>
  words(
    'to',
    to.flatMap(destination =>
      destination.ports.length === 0
        ? [destinationText(destination, undefined)]
        : destination.ports.map(range => destinationText(destination, range)),
    ),
  )

const conditions = (held: readonly Condition[]): readonly WrittenProperty[] =>
  words('condition', held.map(conditionText))

/** Alternatives of a selector as the text form has them. */
export const conjunctionText = ({ terms }: Pick<Conjunction, 'terms'>): string =>
  terms.map(term => termText(term, false)).join(' and ')

/** A destination with its port. */
export function destinationText({ terms }: Pick<Destination, 'terms'>, range: PortRange | undefined): string {
  const text = terms.map(term => termText(term, true)).join(' and ')
  if (range === undefined) return text
  return `${text}:${range.first}${range.first === range.last ? '' : `-${range.last}`}`
}

function termText(term: Term, isDestination: boolean): string {
  switch (term.kind) {
    case 'any':
      return 'any'
    case 'network':
      return term.cidr.includes(':') && isDestination ? `[${term.cidr}]` : term.cidr
    case 'host':
      return term.name
    case 'zone':
      return `zone=${term.zone}`
    case 'list':
      return `list=${term.list}`
    case 'service-identity':
      return `service-identity=${isDestination ? beforePort(term.name) : plainWord(term.name)}`
    case 'namespace':
      return `namespace=${isDestination ? beforePort(term.name) : plainWord(term.name)}`
    case 'label':
      return `label:${term.label}=${isDestination ? beforePort(term.value) : plainWord(term.value)}`
  }
}

/** In brackets where the grammar would read a part of a word as something else. */
const plainWord = (word: string): string => (/^#|[ \t,=[\]]/.test(word) ? `[${word}]` : word)

const beforePort = (word: string): string => (/:[\d-]*$/.test(word) ? `[${word}]` : plainWord(word))

export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case 'device-posture':
      return `device-posture=${condition.is.join(', ')}`
    case 'time':
      return `time=${clockText(condition.from)}-${clockText(condition.to)}`
    case 'weekday':
      return `weekday=${dayRanges(condition.days).join(', ')}`
    case 'network':
      return `network=${condition.networks.join(', ')}`
    case 'authentication':
      return `authentication=${condition.is}`
  }
}

/** `mon-fri, sun`: three or more days that follow each other are a range. */
function dayRanges(days: readonly Weekday[]): readonly string[] {
  const runs: Weekday[][] = []
  for (const day of days) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run !== undefined && last !== undefined && weekdays.indexOf(day) === weekdays.indexOf(last) + 1) run.push(day)
    else runs.push([day])
  }
  return runs.flatMap(run => (run.length > 2 ? [`${run[0]}-${run.at(-1)}`] : run))
}

const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
