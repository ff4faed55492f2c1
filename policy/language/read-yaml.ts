import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml'
import { nearest } from '../../core/config/sentence.ts'
import { faultOfDocument, faultOfText } from '../../core/config/syntax.ts'
import type { Span } from '../model/policy.ts'
import { asciiForm, checkedText } from './characters.ts'
import { didYouMean, Problems, shown } from './problems.ts'
import { readValue } from './read-value.ts'
import { sections } from './sections.ts'
import type { Property, Statement, Statements, Word } from './statement.ts'
import { blocks, isPropertyKey, type Keyword, keywords, type PropertyKey, propertiesOf } from './vocabulary.ts'

/** More takes YAML seconds to read. */
export const MAX_YAML_CHARACTERS = 1024 * 1024

/** The statements of the YAML form. Its words are those of the text form, and its values are read by the same grammar. */
export function readYaml(source: string): Statements {
  const problems = new Problems()
  if (source.length > MAX_YAML_CHARACTERS) {
    const message = `a policy in YAML has at most ${MAX_YAML_CHARACTERS / 2 ** 20} Mi characters; write a larger one in the text form`
    problems.error('too-large', { from: 0, to: 0 }, message)
    return { statements: [], problems: problems.found }
  }
  for (const problem of checkedText(source).problems) problems.add(problem)
  const root = problems.found.length > 0 ? undefined : rootOf(source, problems)
  const statements = root === undefined ? [] : new YamlReader(source, problems).read(root)
  return { statements, problems: problems.found }
}

function rootOf(source: string, problems: Problems): Node | undefined {
  const counter = new LineCounter()
  try {
    const document = parseDocument(source, { lineCounter: counter, prettyErrors: false, uniqueKeys: false })
    const fault = faultOfText(source) ?? faultOfDocument(document, source, counter)
    if (fault === undefined) return document.contents ?? undefined
    problems.error('syntax', { from: fault.offset, to: fault.offset }, fault.sentence)
  } catch (error) {
    // The parser descends by recursion.
    if (!(error instanceof RangeError)) throw error
    problems.error(
      'syntax',
      { from: 0, to: 0 },
      'this file is nested too deeply; a policy has lists of blocks, and nothing in them is nested',
    )
  }
  return undefined
}

const topKeys = ['policy', ...propertiesOf('policy'), ...Object.values(sections).map(({ section }) => section)]

interface Entry {
  readonly key: string
  readonly at: Span
  readonly value: Node | null
}

class YamlReader {
  readonly #source: string
  readonly #problems: Problems

  constructor(source: string, problems: Problems) {
    this.#source = source
    this.#problems = problems
  }

  read(root: Node): readonly Statement[] {
    if (!isMap(root)) {
      this.#problems.error('syntax', spanOf(root), `a policy in YAML is a map with the keys ${topKeys.join(', ')}`)
      return []
    }
    const entries = this.#entries(root, topKeys, 'a policy')
    const head = entries.filter(({ key }) => key === 'policy' || isPropertyKey(key))
    const others = entries.flatMap(entry => {
      const [keyword] = keywords.filter(one => one !== 'policy' && sections[one].section === entry.key)
      return keyword === undefined ? [] : this.#section(keyword, entry)
    })
    const [first] = head
    return first === undefined ? others : [this.#statement('policy', first.at, head), ...others]
  }

  #section(keyword: Keyword, { key, at, value }: Entry): readonly Statement[] {
    if (value === null) return []
    if (!isSeq(value)) {
      this.#problems.error(
        'syntax',
        at,
        `${key} is a list; begin each ${keyword === 'allow' ? 'rule' : keyword} with a dash (- )`,
      )
      return []
    }
    const known = [nameKeyOf(keyword), ...propertiesOf(keyword)]
    return value.items.flatMap(item => {
      const node = item as Node
      if (isMap(node)) return [this.#statement(keyword, headOf(node), this.#entries(node, known, keyword))]
      this.#problems.error('syntax', spanOf(node), `each item of ${key} is a map with the keys ${known.join(', ')}`)
      return []
    })
  }

  #statement(keyword: Keyword, at: Span, entries: readonly Entry[]): Statement {
    const properties: Property[] = []
    let name: Word | undefined
    for (const entry of entries) {
      if (entry.key === nameKeyOf(keyword)) name = this.#name(entry)
      else properties.push(...this.#property(entry))
    }
    if (name === undefined && blocks[keyword].name === 'required') {
      this.#problems.error('missing-property', at, `this ${keyword} has no ${nameKeyOf(keyword)}; add it`)
    }
    return { keyword, at: name ?? at, properties, ...(name === undefined ? {} : { name }) }
  }

  #name({ key, at, value }: Entry): Word | undefined {
    const [only, ...more] = this.#scalars(value)
    if (only !== undefined && more.length === 0 && !/[\s,=]/.test(only.text)) return only
    this.#problems.error('syntax', only ?? at, `${key} is one word`)
    return undefined
  }

  /** Each item of a list is a property of its own, as where a key of the text form is repeated. */
  #property({ key, at, value }: Entry): readonly Property[] {
    if (value === null) {
      this.#problems.error('syntax', at, `${key} has no value; write one, or remove the key`)
      return []
    }
    return this.#scalars(value).flatMap(word => {
      const { property, problems } = readValue(key as PropertyKey, word)
      for (const problem of problems) this.#problems.add(problem)
      return property ?? []
    })
  }

  #scalars(node: Node | null): readonly Word[] {
    if (node === null) return []
    if (isSeq(node)) return node.items.flatMap(item => this.#scalars(item as Node))
    const at = spanOf(node)
    if (isAlias(node)) {
      this.#problems.error('syntax', at, 'this is a YAML alias (*…); put a value that begins with a star in quotes')
      return []
    }
    if (!isScalar(node)) {
      this.#problems.error(
        'syntax',
        at,
        'a map is not expected here; write a text, in quotes if it contains a colon and a space',
      )
      return []
    }
    const isQuoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE'
    // Numbers and dates are words too, as they are written.
    const text = typeof node.value === 'string' ? node.value : (node.source ?? '')
    const from = at.from + (isQuoted ? 1 : 0)
    const isAsWritten = this.#source.startsWith(text, from)
    return [isAsWritten ? { text, from, to: from + text.length } : { text, ...at }]
  }

  #entries(map: YAMLMap, known: readonly string[], what: string): readonly Entry[] {
    const found = new Map<string, Entry>()
    for (const { key, value } of map.items) {
      const at = spanOf(key as Node)
      const name = isScalar(key) ? asciiHyphens(String(key.value)) : ''
      if (!known.includes(name)) {
        const meant = nearest(asciiForm(name), known)
        const hint = didYouMean(meant) || `; known are ${known.join(', ')}`
        this.#problems.error('unknown-key', at, `${shown(name)} is no key of ${what}${hint}`, meant)
      } else if (found.has(name)) {
        this.#problems.error('duplicate-property', at, `${name} is already set above; remove one of the two`)
      } else found.set(name, { key: name, at, value: isEmpty(value) ? null : (value as Node) })
    }
    return [...found.values()]
  }
}

const isEmpty = (value: unknown): boolean =>
  value === null || (isScalar(value) && value.value === null && !value.source)

const nameKeyOf = (keyword: Keyword): string => (keyword === 'policy' ? 'policy' : sections[keyword].name)

const asciiHyphens = (text: string): string => checkedText(text).text

function spanOf(node: Node | null): Span {
  const [from, to] = node?.range ?? [0, 0, 0]
  return { from, to }
}

/** The first key of a map. */
function headOf(map: YAMLMap): Span {
  const [first] = map.items
  return first === undefined ? spanOf(map) : spanOf(first.key as Node)
}
