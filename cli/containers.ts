import { readdir, stat } from 'node:fs/promises'
import { failureReason } from '../core/errors.ts'
import {
  containerLogOf,
  decide,
  metadataTrouble,
  named,
  type ReadMetadata,
  readMetadata,
} from '../exporter/sources/file/containers.ts'

/** Where a container runtime keeps the logs of its containers. */
export interface ContainerPlace {
  readonly folder: string
  /** Matches the logs below the folder, rotated ones too. */
  readonly logs: string
  /** Paths where the logs of the containers would be, below the folder. */
  readonly candidates: (list: List) => Promise<readonly string[]>
  /** What to do where a container has no log there; undefined where each has one. */
  readonly remedy?: string
}

/** The names in a folder; rejects with Node's errors. */
type List = (folder: string) => Promise<readonly string[]>

/** How the machine is looked at; no log is opened. */
export interface Machine {
  readonly list: List
  readonly read: ReadMetadata
  /** Whether a path leads to something. */
  readonly has: (path: string) => Promise<boolean>
}

export const thisMachine: Machine = {
  list: folder => readdir(folder),
  read: readMetadata,
  has: path =>
    stat(path).then(
      () => true,
      () => false,
    ),
}

/** The word by which a container says that it is OpenClaw. */
export const OPENCLAW = 'openclaw'

const isId = (name: string): boolean => /^[0-9a-f]{64}$/.test(name)

function docker(folder: string): ContainerPlace {
  return {
    folder,
    logs: '*/*-json.log*',
    candidates: async list => (await list(folder)).filter(isId).map(id => `${id}/${id}-json.log`),
    remedy: 'run it with the logging driver json-file, or configure a source for the journal',
  }
}

function podman(folder: string): ContainerPlace {
  return {
    folder,
    logs: '*/userdata/ctr.log*',
    candidates: async list => (await list(folder)).filter(isId).map(id => `${id}/userdata/ctr.log`),
    remedy: 'run it with --log-driver k8s-file, or configure a source for the journal',
  }
}

function kubernetes(folder: string): ContainerPlace {
  return {
    folder,
    logs: '*/*/*.log*',
    candidates: async list => {
      const each = (await list(folder)).map(async pod => {
        const containers = await list(`${folder}/${pod}`)
        return containers.map(name => `${pod}/${name}/0.log`)
      })
      return (await Promise.all(each)).flat()
    },
  }
}

/** Links to the logs of pods, for nodes where only these can be listed. */
function links(folder: string, pods: string): ContainerPlace {
  return {
    folder,
    logs: '*.log',
    candidates: list =>
      list(pods).then(
        () => [],
        () => list(folder),
      ),
  }
}

/** The usual places: those of the system, and those of the rootless engines of a user. */
export function containerPlaces(home: string): readonly ContainerPlace[] {
  return [
    docker('/var/lib/docker/containers'),
    docker(`${home}/.local/share/docker/containers`),
    podman('/var/lib/containers/storage/overlay-containers'),
    podman(`${home}/.local/share/containers/storage/overlay-containers`),
    kubernetes('/var/log/pods'),
    links('/var/log/containers', '/var/log/pods'),
  ]
}

/** The containers of a machine, and what of them is read. */
export interface Considered {
  /** Patterns that match the logs of the containers of OpenClaw, and of others. */
  readonly patterns: readonly string[]
  /** One sentence for each container that is read. */
  readonly own: readonly string[]
  /** One sentence for each container and for each place that cannot be listed, those of OpenClaw first. */
  readonly sentences: readonly string[]
  /** Folders of the machine that are mounted into the containers of OpenClaw; undefined where that is not known of one. */
  readonly mounts: readonly string[] | undefined
}

interface Candidate {
  readonly sentence: string
  readonly pattern?: string
  readonly mounts?: readonly string[] | undefined
}

/** So many containers that are not read are named. */
const MAX_NAMED = 20

/**
 * Looks at the metadata of all containers in these places, and decides which are of a program. Opens no log.
 *
 * @param word in the image, the title or the name of the containers; default: those of OpenClaw
 */
export async function considerContainers(
  places: readonly ContainerPlace[],
  machine: Machine,
  word = OPENCLAW,
): Promise<Considered> {
  const found = (await Promise.all(places.map(place => candidatesOf(place, machine, word)))).flat()
  const read = found.filter(({ pattern }) => pattern !== undefined)
  const others = found.filter(({ pattern }) => pattern === undefined).map(({ sentence }) => sentence)
  const left = others.length - MAX_NAMED
  const mounts = read.map(candidate => candidate.mounts)
  return {
    own: read.map(({ sentence }) => sentence),
    patterns: [...new Set(read.map(({ pattern }) => pattern as string))],
    sentences: [
      ...read.map(({ sentence }) => sentence),
      ...others.slice(0, MAX_NAMED),
      ...(left > 0 ? [`${left} more containers are not read.`] : []),
    ],
    mounts: mounts.every(each => each !== undefined) ? mounts.flat() : undefined,
  }
}

async function candidatesOf(place: ContainerPlace, machine: Machine, word: string): Promise<readonly Candidate[]> {
  const { folder } = place
  const paths = await place.candidates(machine.list).catch(failureReason)
  if (typeof paths !== 'string')
    return Promise.all(paths.map(path => candidate(`${folder}/${path}`, { place, machine, word })))
  // There is no such engine.
  if (paths === 'ENOENT') return []
  const advice = 'run clawtrust as a user who may (docs/install.md)'
  return [
    {
      sentence: `Containers in ${folder} are not known, because it cannot be listed (${paths}); ${advice}.`,
    },
  ]
}

interface Look {
  readonly place: ContainerPlace
  readonly machine: Machine
  readonly word: string
}

async function candidate(path: string, { place, machine: { read, has }, word }: Look): Promise<Candidate> {
  const log = containerLogOf(path)
  if (log === undefined)
    return { sentence: `${path} is not read, because its name is not that of the log of a container.` }
  const metadata = await log.metadata(read).catch(metadataTrouble)
  if (typeof metadata === 'string') return { sentence: `The container ${log.folder} is not read, because ${metadata}.` }
  const container = `The ${log.runtime} container ${named(metadata.name)} (${log.folder})`
  const { isRead, why } = decide(metadata, word)
  if (!isRead) return { sentence: `${container} is not read, because ${why}.` }
  if (place.remedy !== undefined && !(await has(path))) {
    return { sentence: `${container} is not read, although ${why}, because it has no log there; ${place.remedy}.` }
  }
  return {
    sentence: `${container} is ${word === OPENCLAW ? "OpenClaw's" : `of ${word}`}, because ${why}.`,
    pattern: `${place.folder}/${place.logs}`,
    mounts: metadata.mounts,
  }
}
