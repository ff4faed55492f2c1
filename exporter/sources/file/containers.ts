import { basename } from 'node:path'
import { Fault, failureReason } from '../../../core/errors.ts'
import { parseJson } from '../../../core/json.ts'
import { readRegularFile } from '../../../service/files/regular-file.ts'

/** What container runtimes write about a container beside its log. */
export interface ContainerMetadata {
  /** The name of the container, or of its service if a composer or an orchestrator gave it. */
  readonly name: string
  readonly pod?: string
  readonly image?: string
  readonly labels: Readonly<Record<string, string>>
  /** Folders of the machine that are mounted into the container; undefined where the runtime does not write that. */
  readonly mounts?: readonly string[]
}

/** Reads a file with metadata, never the text of a log. */
export type ReadMetadata = (path: string) => Promise<string>

/** podman keeps the metadata of all containers in one file. */
const MAX_METADATA_BYTES = 16 * 1024 * 1024

/** Rejects with Node's errors, and for what is no regular file. */
export const readMetadata: ReadMetadata = path => readRegularFile(path, MAX_METADATA_BYTES)

/** A log of a container, by its path. */
export interface ContainerLog {
  readonly runtime: string
  /** The folder of the container: it has one decision, however many files its log has. */
  readonly folder: string
  /** Rejects if the metadata cannot be read or is of another form. */
  metadata(read: ReadMetadata): Promise<ContainerMetadata>
}

/** A runtime, by the paths of its logs. */
interface Runtime {
  readonly name: string
  readonly path: RegExp
  readonly folder: (groups: Groups) => string
  readonly metadata: (groups: Groups, read: ReadMetadata) => Promise<ContainerMetadata>
}

type Groups = Readonly<Record<string, string>>

const ID = '(?<id>[0-9a-f]{64})'
const POD = '(?<namespace>[^/_]+)_(?<pod>[^/_]+)'

/** Seen with Docker 28.2 and podman 4.3; the paths of Kubernetes are those that the kubelet makes for every CRI runtime. */
const runtimes: readonly Runtime[] = [
  {
    name: 'docker',
    path: new RegExp(`^(?<root>.*)/${ID}/\\k<id>-json\\.log(\\.\\d+)?(\\.gz)?$`),
    folder: ({ root, id }) => `${root}/${id}`,
    metadata: async ({ root, id }, read) => dockerMetadata(await read(`${root}/${id}/config.v2.json`)),
  },
  {
    name: 'podman',
    path: new RegExp(`^(?<root>.*)/${ID}/userdata/ctr\\.log(\\.\\d+)?(\\.gz)?$`),
    folder: ({ root, id }) => `${root}/${id}`,
    metadata: async ({ root, id = '' }, read) => {
      const container = podmanMetadata(await read(`${root}/containers.json`), id)
      return { ...container, mounts: ociMounts(await read(`${root}/${id}/userdata/config.json`)) }
    },
  },
  {
    name: 'kubernetes',
    path: new RegExp(`^(?<root>.*)/(?<folder>${POD}_[^/_]+)/(?<container>[^/]+)/\\d+\\.log(\\.[\\d-]+)?(\\.gz)?$`),
    folder: ({ root, folder, container }) => `${root}/${folder}/${container}`,
    metadata: async groups => podMetadata(groups),
  },
  {
    name: 'kubernetes',
    path: /^(?<root>.*)\/(?<pod>[^/_]+)_(?<namespace>[^/_]+)_(?<container>[^/_]+)-[0-9a-f]{64}\.log$/,
    folder: ({ root, namespace, pod, container }) => `${root}/${pod}_${namespace}_${container}`,
    metadata: async groups => podMetadata(groups),
  },
]

/** Undefined where the path is not that of a container's log. */
export function containerLogOf(path: string): ContainerLog | undefined {
  for (const { name, path: pattern, folder, metadata } of runtimes) {
    const groups = pattern.exec(path)?.groups
    if (groups === undefined) continue
    return { runtime: name, folder: folder(groups), metadata: read => metadata(groups, read) }
  }
  return undefined
}

/** Labels by which an image, a composer or an orchestrator says what a container is. */
const TITLE = 'org.opencontainers.image.title'
const NAMES_OF_SERVICE = ['io.kubernetes.container.name', 'com.docker.compose.service', 'io.podman.compose.service']

function dockerMetadata(text: string): ContainerMetadata {
  const { Name, Config, MountPoints } = fields(parseJson(text))
  const { Image, Labels } = fields(Config)
  if (typeof Name !== 'string') throw new MetadataUnknown('config.v2.json has no Name')
  const labels = texts(Labels)
  const mounts = Object.values(fields(MountPoints)).map(mount => fields(mount).Source)
  return {
    name: serviceIn(labels) ?? Name.replace(/^\//, ''),
    labels,
    mounts: mounts.filter(source => typeof source === 'string'),
    ...(typeof Image === 'string' ? { image: Image } : {}),
  }
}

function podmanMetadata(text: string, id: string): ContainerMetadata {
  const all = parseJson(text)
  const found = Array.isArray(all) ? all.find(container => fields(container).id === id) : undefined
  const { names, metadata } = fields(found)
  const { 'image-name': image, name } = fields(typeof metadata === 'string' ? parseJson(metadata) : undefined)
  const first = Array.isArray(names) ? names[0] : name
  if (typeof first !== 'string') throw new MetadataUnknown('containers.json does not name it')
  return { name: first, labels: {}, ...(typeof image === 'string' ? { image } : {}) }
}

function ociMounts(text: string): readonly string[] {
  const { mounts } = fields(parseJson(text))
  const sources = (Array.isArray(mounts) ? mounts : []).map(mount => fields(mount).source)
  return sources.filter(source => typeof source === 'string').filter(source => source.startsWith('/'))
}

/** The kubelet writes namespace, pod and container into the path, and nothing else on the node. */
function podMetadata({ pod = '', container = '' }: Groups): ContainerMetadata {
  return { name: container, pod, labels: {} }
}

/** The metadata is there and has another form than that of the versions that are known. */
class MetadataUnknown extends Fault {}

const fields = (value: unknown): Readonly<Record<string, unknown>> => Object(value)

function texts(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function serviceIn(labels: Readonly<Record<string, string>>): string | undefined {
  return NAMES_OF_SERVICE.map(label => labels[label]).find(name => name !== undefined)
}

/** The container in the pods of OpenClaw's own manifests, beside an init container. */
const GATEWAY = 'gateway'

/** So much of a text of metadata is named: an image may have labels of megabytes. */
const NAMED_CHARACTERS = 128

/** A text of metadata as a sentence names it. */
export const named = (text: string | undefined = ''): string =>
  text.length > NAMED_CHARACTERS ? `${text.slice(0, NAMED_CHARACTERS).toWellFormed()}…` : text

/** Whether the log of a container is read, and why, to follow its name in a sentence. */
export interface Decision {
  readonly isRead: boolean
  readonly why: string
}

/**
 * Reads a container whose image, name or labels contain a word. The name of its service counts and not that of its
 * project: the proxy of a project `openclaw` is no gateway.
 */
export function decide({ name, pod, image, labels }: ContainerMetadata, word: string): Decision {
  const has = (text: string | undefined) => text?.toLowerCase().includes(word.toLowerCase()) === true
  const repository = basename(image ?? '').replace(/[:@].*$/, '')
  // Commands of the agent write there: they could write records of the gateway.
  if ('openclaw.sandbox' in labels || /^openclaw-sandbox/.test(repository) || /^openclaw-sbx-/.test(name)) {
    return { isRead: false, why: 'it is a sandbox of OpenClaw, in which commands of the agent write' }
  }
  const title = labels[TITLE]
  if (has(repository)) return { isRead: true, why: `its image is ${named(image)}` }
  if (has(title)) return { isRead: true, why: `its label ${TITLE} is ${named(title)}` }
  if (has(name)) return { isRead: true, why: `its name is ${named(name)}` }
  if (has(pod) && name === GATEWAY)
    return { isRead: true, why: `it is the container ${GATEWAY} of the pod ${named(pod)}` }
  if (has(pod))
    return { isRead: false, why: `its name contains neither ${word} nor is ${GATEWAY}, in the pod ${named(pod)}` }
  return { isRead: false, why: `neither its image, its title nor its name contains ${word}` }
}

/** Chooses among the paths that patterns match those of containers that are read. Remembers its decisions. */
export class ContainerFilter {
  readonly #word: string
  readonly #read: ReadMetadata
  /** By pattern, then by the folder of the container; of those that the pattern matched last. */
  readonly #decisions = new Map<string, ReadonlyMap<string, Decision>>()

  constructor(word: string, read: ReadMetadata = readMetadata) {
    this.#word = word
    this.#read = read
  }

  /** @returns the paths that are read, and one sentence for each container of which that cannot be decided */
  async choose(pattern: string, paths: readonly string[]): Promise<ChosenPaths> {
    const before = this.#decisions.get(pattern)
    const decided = new Map<string, Decision>()
    const undecided = new Map<string, string>()
    const chosen: string[] = []
    for (const path of paths) {
      const log = containerLogOf(path)
      if (log === undefined) continue
      const { folder } = log
      if (undecided.has(folder)) continue
      const decision = decided.get(folder) ?? before?.get(folder) ?? (await this.#decide(log))
      if (typeof decision === 'string') undecided.set(folder, `${folder} is not read, because ${decision}.`)
      else decided.set(folder, decision)
      if (typeof decision !== 'string' && decision.isRead) chosen.push(path)
    }
    this.#decisions.set(pattern, decided)
    return { chosen, notices: [...undecided.values()] }
  }

  #decide(log: ContainerLog): Promise<Decision | string> {
    return log.metadata(this.#read).then(metadata => decide(metadata, this.#word), metadataTrouble)
  }
}

interface ChosenPaths {
  readonly chosen: readonly string[]
  readonly notices: readonly string[]
}

/** Why the metadata of a container is not known, to follow `because`. */
export function metadataTrouble(error: unknown): string {
  return `its metadata cannot be read (${failureReason(error)})`
}
