import type { Building } from '../../core/building.ts'
import { isObject } from '../../core/json.ts'
import { type Fields, textOf } from './fields.ts'
import { type PathReader, pathReader, rootsOf } from './path.ts'
import type { Origin } from './record.ts'

/** ECS names at the root, and the places of a resource's attributes in documents of the OpenTelemetry Collector. */
const resources = ['', 'resource.attributes.', 'Resource.'] as const

const names = {
  serviceInstance: ['service.instance.id'],
  host: ['host.name'],
  service: ['service.name'],
  namespace: ['kubernetes.namespace', 'kubernetes.namespace_name', 'k8s.namespace.name'],
} as const satisfies Partial<Record<keyof Origin, readonly string[]>>

const candidatesOf = (name: readonly string[]) => name.flatMap(each => resources.map(prefix => prefix + each))

/** Readers of one name in each of these places, in their order. */
const readersOf = (name: string) =>
  resources.map(prefix => ({
    word: wordOf(prefix + name),
    read: prefix === '' ? pathReader(name) : readerIn(prefix, name),
  }))

/** Where the place is an object, its name is looked for in it and not in each way to write the whole path. */
function readerIn(prefix: string, name: string): PathReader {
  const readPlace = pathReader(prefix.slice(0, -1))
  const readName = pathReader(name)
  const readWhole = pathReader(prefix + name)
  return document => {
    const place = readPlace(document)
    return isObject(place) ? readName(place) : readWhole(document)
  }
}

/** Each name with the first word of it, which is that of each key at the root under which it may be. */
const readers = Object.entries(names).map(([key, candidates]) => ({
  key: key as keyof typeof names,
  candidates: candidates.flatMap(readersOf),
}))

/** At the places of `service.name`, in their order. */
const versions = candidatesOf(['service.version'])
const versionReaders = readersOf('service.version').map(({ read }) => read)

const LABELS = 'kubernetes.labels'
const MAX_LABELS = 64
const readLabels = pathReader(LABELS)

/** Fields of a document with its origin. */
export const originFields: readonly string[] = [...Object.values(names).flatMap(candidatesOf), ...versions, LABELS]

/** The first words by the keys that a document may have at its root. */
const wordByRoot = new Map([...rootsOf(originFields)].map(root => [root, wordOf(root)]))

/** The origin of a record that does not contain one. */
export const NO_ORIGIN: Origin = {}

/** The origin of a record, by its ECS fields or the attributes of its OpenTelemetry resource. */
export function originOf(document: Fields): Origin {
  const words = wordsIn(document)
  if (words.length === 0) return NO_ORIGIN
  const origin: Building<Origin> = {}
  for (const { key, candidates } of readers) {
    for (let place = 0; place < candidates.length; place++) {
      const { word, read } = candidates[place] as (typeof candidates)[number]
      const value = words.includes(word) ? textOf(read(document)) : undefined
      if (value === undefined) continue
      origin[key] = value
      if (key === 'service') addVersion(origin, document, place)
      break
    }
  }
  const labels = readLabels(document)
  if (isObject(labels)) origin.workloadLabels = textsOf(labels)
  return origin
}

function addVersion(origin: Building<Origin>, document: Fields, place: number): void {
  const version = textOf(versionReaders[place]?.(document))
  if (version !== undefined) origin.serviceVersion = version
}

/** Most documents have none of these names, the others few: one pass over their keys shows which of them to look for. */
function wordsIn(document: Fields): readonly string[] {
  const words: string[] = []
  // `for … in` asks for each key again where some are numbers, as those of OpenClaw's log are.
  for (const key of Object.keys(document)) {
    const word = wordByRoot.get(key)
    if (word !== undefined && !words.includes(word)) words.push(word)
  }
  return words
}

function wordOf(path: string): string {
  return path.split('.', 1)[0] as string
}

function textsOf(labels: Fields): Readonly<Record<string, string>> {
  const texts = Object.entries(labels).filter((entry): entry is [string, string] => textOf(entry[1]) !== undefined)
  return Object.fromEntries(texts.slice(0, MAX_LABELS))
}
