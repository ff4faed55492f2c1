import { readJson, readText } from './json-text.ts'

/** One value that is not what it should be. */
export interface Difference {
  /** Where in the file, for people: a section, a control and a member, a row and a column. */
  readonly place: string
  readonly expected: string
  readonly found: string
}

/** More than any form has; of what is larger the first byte that differs is named. */
const MOST_BYTES = 4 * 1024 * 1024
/** What is more than this says nothing new. */
const MOST_DIFFERENCES = 20
const MOST_OF_A_VALUE = 200
const NOTHING = '(nothing)'

/** What differs between two versions of a file, by the form of its name. Empty only for the same bytes. */
export function differencesOf(name: string, expected: Uint8Array, found: Uint8Array): readonly Difference[] {
  if (Buffer.compare(expected, found) === 0) return []
  const isLarge = Math.max(expected.length, found.length) > MOST_BYTES
  const compare = isLarge ? undefined : forms.find(({ ending }) => name.endsWith(ending))?.compare
  try {
    const differences = compare?.(expected, found) ?? []
    if (differences.length > 0) return differences.slice(0, MOST_DIFFERENCES)
  } catch {
    // A file that is no longer of its form: the place of its first byte that differs is what can be said.
  }
  return [byteDifference(expected, found)]
}

type Compare = (expected: Uint8Array, found: Uint8Array) => readonly Difference[]

const forms: readonly { readonly ending: string; readonly compare: Compare }[] = [
  { ending: '.json', compare: (expected, found) => jsonDifferences(readJson(expected), readJson(found)) },
  { ending: '.ndjson', compare: lineDifferences },
  { ending: '.csv', compare: rowDifferences },
  { ending: '.html', compare: htmlDifferences },
]

const shown = (value: unknown): string => cut(typeof value === 'string' ? value : (JSON.stringify(value) ?? NOTHING))

const cut = (text: string): string => (text.length > MOST_OF_A_VALUE ? `${text.slice(0, MOST_OF_A_VALUE)}…` : text)

/** The values that differ between two values of JSON. */
export function jsonDifferences(expected: unknown, found: unknown, place = ''): readonly Difference[] {
  if (Object.is(expected, found)) return []
  if (!isContainer(expected) || !isContainer(found) || Array.isArray(expected) !== Array.isArray(found)) {
    return [{ place: place || 'its root', expected: shown(expected), found: shown(found) }]
  }
  const left = membersOf(expected)
  const right = membersOf(found)
  const differences: Difference[] = []
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const at = `${place}${place === '' ? '' : ' / '}${key}`
    if (!left.has(key)) differences.push({ place: at, expected: NOTHING, found: shown(right.get(key)) })
    else if (!right.has(key)) differences.push({ place: at, expected: shown(left.get(key)), found: NOTHING })
    else differences.push(...jsonDifferences(left.get(key), right.get(key), at))
    if (differences.length > MOST_DIFFERENCES) break
  }
  if (differences.length === 0 && isReordered(left, right)) {
    const order = (members: ReadonlyMap<string, unknown>) => cut([...members.keys()].join(', '))
    return [{ place: `${place || 'its root'} (order)`, expected: order(left), found: order(right) }]
  }
  return differences
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

const isReordered = (left: ReadonlyMap<string, unknown>, right: ReadonlyMap<string, unknown>): boolean => {
  const keys = [...right.keys()]
  return [...left.keys()].some((key, index) => key !== keys[index])
}

/** The members of an object, and of a list by the names that its items have, so that a removed one shifts no other. */
function membersOf(value: object): ReadonlyMap<string, unknown> {
  if (!Array.isArray(value)) return new Map(Object.entries(value))
  const members = new Map<string, unknown>()
  for (const [index, item] of value.entries()) {
    const name = nameOf(item)
    members.set(name === undefined || members.has(name) ? String(index) : name, item)
  }
  return members
}

/** What people know an item by. */
function nameOf(item: unknown): string | undefined {
  if (!isContainer(item)) return undefined
  const { id, uuid, title, name } = item as Readonly<Record<string, unknown>>
  const named = [id, name, title].find(text => typeof text === 'string' && text !== '')
  const key = typeof uuid === 'string' ? uuid : undefined
  if (named === undefined) return key
  return cut(key === undefined ? String(named) : `${named} (${key})`)
}

/** OCSF: one finding in each line, known by its control. */
function lineDifferences(expected: Uint8Array, found: Uint8Array): readonly Difference[] {
  return jsonDifferences(findingsOf(expected), findingsOf(found))
}

function findingsOf(bytes: Uint8Array): readonly object[] {
  const lines = readText(bytes).split('\n')
  return lines
    .filter(line => line !== '')
    .map(line => {
      const finding = readJson(Buffer.from(line)) as Readonly<Record<string, unknown>>
      const { title } = (finding.finding_info ?? {}) as { readonly title?: unknown }
      return { title, ...finding }
    })
}

/** Rows known by their framework and control, cells by their column. */
function rowDifferences(expected: Uint8Array, found: Uint8Array): readonly Difference[] {
  return jsonDifferences(rowsOf(readText(expected)), rowsOf(readText(found)))
}

/** RFC 4180, always quoted, as our own form is. */
function rowsOf(csv: string): readonly object[] {
  const [head = [], ...rows] = csv
    .split('\r\n')
    .filter(line => line !== '')
    .map(line => line.slice(1, -1).split('","'))
  return rows.map(cells => {
    const named = Object.fromEntries(cells.map((cell, index) => [head[index] ?? String(index), cell]))
    return { id: `${cells[0]} ${cells[1]}`, ...named }
  })
}

interface Token {
  readonly text: string
  readonly section: string
}

function htmlDifferences(expected: Uint8Array, found: Uint8Array): readonly Difference[] {
  const left = tokensOf(readText(expected))
  const right = tokensOf(readText(found))
  const { start, leftEnd, rightEnd } = middleOf(left, right)
  if (leftEnd - start === rightEnd - start) {
    const pairs = left.slice(start, leftEnd).map((token, index) => [token, right[start + index]] as const)
    return pairs
      .filter(([token, other]) => token.text !== other?.text)
      .map(([{ text, section }, other]) => ({
        place: section,
        expected: shown(text.trim()),
        found: shown(other?.text.trim()),
      }))
  }
  const words = (tokens: readonly Token[]) =>
    cut(
      tokens
        .map(({ text }) => text.trim())
        .join(' ')
        .trim() || NOTHING,
    )
  const place = left[start]?.section ?? right[start]?.section ?? 'its end'
  return [{ place, expected: words(left.slice(start, leftEnd)), found: words(right.slice(start, rightEnd)) }]
}

/** What names the places on a page: headings, ids, and the heads of rows. */
const names = {
  section: { begins: /^<h[1-6][ >]/, ends: /^<\/h[1-6]>/ },
  row: { begins: /^<th [^>]{0,200}scope="row"/, ends: /^<\/th>/ },
} as const

/** Tokens with the section, and the row of a table, in which they are. */
function tokensOf(html: string): readonly Token[] {
  const place = { section: 'its head', row: '' }
  let named: keyof typeof names | undefined
  let words: string[] = []
  return pieces(html).map(text => {
    if (!text.startsWith('<')) words.push(text.trim())
    else if (named !== undefined && names[named].ends.test(text)) {
      place[named] = cut(words.filter(word => word !== '').join(' '))
      named = undefined
    } else {
      const [, id] = /^<[a-z][a-z0-9]{0,10} (?:[^>]{0,500} )?id="([^"]{1,200})"/.exec(text) ?? []
      if (id !== undefined) place.section = id
      if (id !== undefined || text.startsWith('<tr')) place.row = ''
      const begun = (['section', 'row'] as const).find(each => names[each].begins.test(text))
      if (begun !== undefined) {
        named = begun
        words = []
      }
    }
    return { text, section: `section ${place.section}${place.row === '' ? '' : `, row ${place.row}`}` }
  })
}

/** Tags, and the texts between them; in linear time, whatever the page holds. */
function pieces(html: string): readonly string[] {
  const [first = '', ...rest] = html.split('<')
  return [
    first,
    ...rest.flatMap(piece => {
      const end = piece.indexOf('>') + 1
      return [`<${piece.slice(0, end)}`, piece.slice(end)]
    }),
  ].filter(text => text !== '')
}

/** What is left between what both begin with and what both end with. */
function middleOf(left: readonly Token[], right: readonly Token[]) {
  const most = Math.min(left.length, right.length)
  let start = 0
  while (start < most && left[start]?.text === right[start]?.text) start++
  let same = 0
  while (same < most - start && left.at(-1 - same)?.text === right.at(-1 - same)?.text) same++
  return { start, leftEnd: left.length - same, rightEnd: right.length - same }
}

function byteDifference(expected: Uint8Array, found: Uint8Array): Difference {
  const most = Math.max(expected.length, found.length)
  let at = 0
  while (at < most && expected[at] === found[at]) at++
  const around = (bytes: Uint8Array) =>
    at >= bytes.length ? NOTHING : shown(Buffer.from(bytes.subarray(Math.max(0, at - 20), at + 40)).toString('utf8'))
  const line = Buffer.from(expected.subarray(0, at)).toString('latin1').split('\n').length
  return { place: `line ${line}, byte ${at}`, expected: around(expected), found: around(found) }
}
