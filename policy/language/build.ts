import { nearest } from '../../core/config/sentence.ts'
import { policyAnswers } from '../../core/labels/policy.ts'
import type {
  Condition,
  Conjunction,
  Destination,
  Expectation,
  List,
  Policy,
  Role,
  Rule,
  Selector,
  Span,
  Term,
  Zone,
} from '../model/policy.ts'
import { type ApplicationProtocol, protocols } from '../model/protocols.ts'
import { readConditions } from './conditions.ts'
import { didYouMean, type Problems, shown } from './problems.ts'
import { dateWord, labelWord, timeZoneWord } from './settings.ts'
import type { Item, Property, Statement, Word } from './statement.ts'
import { nameWord, patternWord, readTerm, spanOf, splitPorts } from './terms.ts'
import { blocks, type PropertyKey, properties, propertiesOf } from './vocabulary.ts'

/** What a policy is made of, while it is built. */
interface Draft {
  name: string
  timeZone: string
  identityLabel?: string
  readonly zones: Zone[]
  readonly lists: List[]
  readonly rules: Rule[]
  readonly roles: Role[]
  readonly expectations: Expectation[]
}

/** The properties of one block, by their keys. */
class Block {
  readonly name: Word | undefined
  readonly at: Span
  readonly problems: Problems
  readonly #properties = new Map<PropertyKey, Property[]>()

  constructor({ keyword, name, at, properties: given, isPartial }: Statement, problems: Problems) {
    this.name = name
    this.at = at
    this.problems = problems
    for (const property of given) this.#add(property, keyword)
    for (const key of blocks[keyword].required) {
      // A key without a space behind its colon was read as the name.
      if (this.#properties.has(key) || isPartial || name?.text.includes(':')) continue
      const what = name === undefined ? keyword : `${keyword} ${name.text}`
      problems.error(
        'missing-property',
        at,
        `${what} has no ${key}; add for instance "${key}: ${properties[key].example}"`,
      )
    }
  }

  #add(property: Property, keyword: Statement['keyword']): void {
    const { key, at } = property
    const known = propertiesOf(keyword)
    if (!known.includes(key)) {
      const places = properties[key].in.join(' or ')
      this.problems.error('misplaced-property', at, `${key} belongs to ${places}; ${keyword} has ${known.join(', ')}`)
      return
    }
    const given = this.#properties.get(key)
    if (given === undefined) {
      this.#properties.set(key, [property])
      return
    }
    if (!properties[key].isRepeatable) {
      this.problems.error('duplicate-property', at, `${key} is already set in this block; remove one of the two`)
      return
    }
    given.push(property)
  }

  all(key: PropertyKey): readonly Property[] {
    return this.#properties.get(key) ?? []
  }

  items(key: PropertyKey): readonly Item[] {
    const [only, ...more] = this.all(key)
    return more.length === 0 ? (only?.items ?? []) : this.all(key).flatMap(({ items }) => items)
  }

  word(key: PropertyKey): Word | undefined {
    return this.items(key)[0]?.value
  }

  text(key: PropertyKey): string | undefined {
    return this.word(key)?.text
  }
}

/** A policy of its statements. What is wrong in one of them is a problem, and is left out of the policy. */
export function buildPolicy(statements: readonly Statement[], name: string, problems: Problems): Policy {
  const draft: Draft = { name, timeZone: 'UTC', zones: [], lists: [], rules: [], roles: [], expectations: [] }
  let settings: Span | undefined
  for (const statement of statements) {
    if (statement.keyword === 'policy') {
      if (settings !== undefined) {
        problems.error(
          'duplicate-policy',
          statement.at,
          'this is the second policy block of the file; a file has one policy',
        )
      }
      settings ??= statement.at
    }
    builders[statement.keyword](new Block(statement, problems), draft)
  }
  return draft
}

type Build = (block: Block, draft: Draft) => void

const builders: Readonly<Record<Statement['keyword'], Build>> = {
  policy: (block, draft) => {
    const { problems } = block
    if (block.name !== undefined) draft.name = nameWord(block.name, problems)
    const zone = block.word('time-zone')
    if (zone !== undefined) draft.timeZone = timeZoneWord(zone, problems) ?? draft.timeZone
    const label = block.word('identity-label')
    const read = label === undefined ? undefined : labelWord(label, problems)
    if (read !== undefined) draft.identityLabel = read
  },
  zone: (block, draft) => {
    const members = selectorOf(block, 'members')
    if (block.name !== undefined)
      draft.zones.push({ name: nameWord(block.name, block.problems), at: block.at, members })
  },
  list: (block, draft) => {
    const members = selectorOf(block, 'members')
    if (block.name !== undefined)
      draft.lists.push({ name: nameWord(block.name, block.problems), at: block.at, members })
  },
  allow: (block, draft) => {
    const { problems } = block
    const expires = block.word('expires')
    const day = expires === undefined ? undefined : dateWord(expires, problems)
    const owner = block.text('owner')
    const reason = reasonOf(block)
    draft.rules.push({
      name: block.name === undefined ? `rule-${draft.rules.length + 1}` : nameWord(block.name, problems),
      at: block.at,
      from: selectorOf(block, 'from'),
      to: destinationsOf(block),
      protocols: protocolsOf(block),
      conditions: conditionsOf(block),
      ...(owner === undefined ? {} : { owner }),
      ...(day === undefined ? {} : { expires: day }),
      ...(reason === undefined ? {} : { reason }),
    })
  },
  role: (block, draft) => {
    const { problems } = block
    const identities = block
      .items('identities')
      .flatMap(({ value }) => patternWord(value, 'this identity', problems) ?? [])
    const scopes = block.items('may').flatMap(({ value }) => patternWord(value, 'this scope', problems) ?? [])
    if (block.name === undefined) return
    const name = nameWord(block.name, problems)
    draft.roles.push({ name, at: block.at, identities, scopes, conditions: conditionsOf(block) })
  },
  expect: (block, draft) => {
    const decision = answerOf(block)
    const from = only(selectorOf(block, 'from'), 'from', block)
    const to = only(destinationsOf(block), 'to', block)
    if (decision === undefined || from === undefined || to === undefined) return
    draft.expectations.push({
      at: block.at,
      decision,
      from,
      to,
      protocols: protocolsOf(block),
      conditions: conditionsOf(block),
    })
  },
}

function only<T extends Conjunction>(
  [first, second]: readonly T[],
  key: PropertyKey,
  { problems }: Block,
): T | undefined {
  if (second !== undefined) {
    problems.error(
      'alternatives',
      second.at,
      `an expectation is about one access, so ${key} has no alternatives; write another expect`,
    )
  }
  return first
}

function answerOf({ name, problems }: Block): Expectation['decision'] | undefined {
  if (name === undefined) return undefined
  const known = policyAnswers.find(answer => answer === name.text)
  if (known === undefined) {
    const meant = nearest(name.text, policyAnswers)
    const message = `${shown(name.text)} is no answer of a policy; expect ${policyAnswers.join(', ')}${didYouMean(meant)}`
    problems.error('unknown-value', name, message, meant)
  }
  return known
}

/** Items that are joined by `and`. */
function conjunctionsOf(block: Block, key: PropertyKey): readonly (readonly Item[])[] {
  const groups: Item[][] = []
  for (const { items } of block.all(key)) {
    let group: Item[] | undefined
    for (const item of items) {
      if (item.joined === 'and' && group !== undefined) group.push(item)
      else {
        group = [item]
        groups.push(group)
      }
    }
  }
  return groups
}

function selectorOf(block: Block, key: 'from' | 'members'): Selector {
  const found: Conjunction[] = []
  for (const group of conjunctionsOf(block, key)) {
    const whole = conjunctionOf(group, group, block.problems)
    if (whole !== undefined) found.push(whole)
  }
  return found
}

function destinationsOf(block: Block): readonly Destination[] {
  const found: Destination[] = []
  for (const group of conjunctionsOf(block, 'to')) {
    const split = group.map(item => splitPorts(item, block.problems))
    const early = split.slice(0, -1).find(({ ports }) => ports.length > 0)
    if (early !== undefined) {
      block.problems.error('port', spanOf(early.item), 'a port is behind the last term of a destination; move it there')
    }
    const terms = split.map(({ item }) => item)
    const whole = conjunctionOf(group, terms, block.problems)
    if (whole !== undefined) found.push({ at: whole.at, terms: whole.terms, ports: split.at(-1)?.ports ?? [] })
  }
  return found
}

/** Undefined where a term is wrong: without it, the others would hold for more. */
function conjunctionOf(written: readonly Item[], items: readonly Item[], problems: Problems): Conjunction | undefined {
  const terms: Term[] = []
  for (const item of items) {
    const term = readTerm(item, problems)
    if (term !== undefined) terms.push(term)
  }
  const [first] = written
  const last = written.at(-1)
  if (first === undefined || last === undefined || terms.length < items.length) return undefined
  return { at: { from: (first.attribute ?? first.value).from, to: last.value.to }, terms }
}

function protocolsOf(block: Block): readonly ApplicationProtocol[] {
  const names = Object.keys(protocols) as ApplicationProtocol[]
  const found = new Set<ApplicationProtocol>()
  for (const { value } of block.items('protocol')) {
    const word = value.text.toLowerCase()
    const name = names.find(one => one === word)
    if (name === undefined) {
      const meant = nearest(word, names)
      const hint = meant === undefined ? `known are ${names.join(', ')}` : `did you mean "${meant}"?`
      block.problems.error('unknown-protocol', value, `${shown(value.text)} is no known protocol; ${hint}`, meant)
    } else found.add(name)
  }
  return [...found]
}

const conditionsOf = (block: Block): readonly Condition[] =>
  block.all('condition').flatMap(({ items }) => readConditions(items, block.problems))

/** A reason takes the rest of its line: a property that follows it there would be lost in it. */
function reasonOf(block: Block): string | undefined {
  const word = block.word('reason')
  if (word === undefined) return undefined
  const lost = [...word.text.matchAll(/(?:^|[ \t])([a-z-]{1,20}):(?=[ \t])/g)].find(([, key = '']) =>
    propertiesOf('allow').some(one => one === key),
  )
  if (lost !== undefined) {
    const from = word.from + lost.index
    const message = `${lost[1]}: is a part of the reason here, which is the rest of the line; begin a line with it`
    block.problems.error('lost-property', { from, to: from + lost[0].length }, message)
  }
  return word.text
}
