import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { ClawtrustError, failureReason } from '../core/errors.ts'
import type { FileSourceConfig } from '../exporter/sources/file/kind.ts'
import type { SourceConfig } from '../exporter/sources/registry.ts'
import { type ContainerPlace, considerContainers, type Machine, OPENCLAW, thisMachine } from './containers.ts'

/** Default sources, and a sentence about them for the log and the page. */
export interface ChosenSources {
  readonly sources: readonly SourceConfig[]
  readonly sentence: string
  /** One sentence for each container that was considered, and why it is read or not. */
  readonly considered?: readonly string[]
  /** True if recordings are played because there is no log yet. */
  readonly isLogAwaited?: boolean
}

/** Where to look for logs of OpenClaw if no source is configured. */
export interface LogPlaces {
  readonly folders: readonly string[]
  /** Default: none. */
  readonly containers?: readonly ContainerPlace[]
}

const OPENCLAW_LOGS = 'openclaw-*.log'

/** OpenClaw's default log folders: it uses the second if the first is not safe to use. */
export function openclawLogFolders(): string[] {
  return ['/tmp/openclaw', join(tmpdir(), `openclaw-${process.getuid?.() ?? 0}`)]
}

/**
 * The first folder that holds a log of OpenClaw, and the logs of the containers that say that they are OpenClaw. The
 * bundled recordings, where there is neither.
 *
 * @throws ClawtrustError LOG_FOLDER_UNREADABLE where no log is found and one of the folders cannot be listed: what it holds
 * is not known, and a demo must not take its place
 */
export async function findSources(
  { folders, containers = [] }: LogPlaces,
  machine = thisMachine,
): Promise<ChosenSources> {
  const { folder, unreadable } = await findLogFolder(folders, machine)
  const { patterns, sentences: considered, mounts } = await considerContainers(containers, machine)
  const passed = unreadable.length === 0 ? '' : ` ${unreadable.join(' and ')} cannot be read and is left out.`
  const why = `because no sources are configured.${passed}`
  const inContainers = patterns.length === 0 ? [] : [containerSource(patterns)]
  if (folder !== undefined) {
    // A container may write its log into this folder, and its records would count twice.
    const isApart = mounts?.every(mount => !isWithin(folder, mount)) === true
    const both = inContainers.length > 0 && isApart
    const left =
      inContainers.length === 0 || isApart
        ? ''
        : ' Containers are left out, because one may write its log into this folder too: to read them, configure sources.'
    return {
      sources: [folderSource(folder), ...(both ? inContainers : [])],
      sentence: `Reading OpenClaw's log in ${folder}${both ? ' and the logs of its containers' : ''} from the beginning, ${why}${left}`,
      considered,
    }
  }
  if (inContainers.length > 0) {
    const sentence = `Reading the logs of OpenClaw's containers from the beginning, ${why}`
    return { sources: inContainers, sentence, considered }
  }
  if (unreadable.length > 0) {
    throw new ClawtrustError(
      'LOG_FOLDER_UNREADABLE',
      `no sources are configured, and the log folder ${unreadable.join(' and ')} of OpenClaw cannot be read; run clawtrust as a user who may list it and its parent folders, or configure a source`,
    )
  }
  const noContainer =
    containers.length === 0 ? '' : ', and no container whose image, name or label says that it is OpenClaw'
  return {
    sources: [
      { type: 'recording', name: 'capture', recording: 'capture' },
      { type: 'recording', name: 'demo', recording: 'demo' },
    ],
    sentence:
      `Playing a recorded OpenClaw log and a synthetic demo, because no sources are configured and there is no OpenClaw log in ${folders.join(' or ')}${noContainer}. ` +
      'A log that appears in one of these places is read from then on, in place of these. To read another log: clawtrust exporter FILE.',
    considered,
    isLogAwaited: true,
  }
}

interface FoundFolder {
  readonly folder?: string
  /** Folders that cannot be listed, each with the reason. */
  readonly unreadable: readonly string[]
}

async function findLogFolder(folders: readonly string[], { list }: Machine): Promise<FoundFolder> {
  const unreadable: string[] = []
  for (const folder of folders) {
    const found = await list(folder).catch(failureReason)
    if (typeof found === 'string') {
      if (found !== 'ENOENT') unreadable.push(`${folder} (${found})`)
    } else if (found.some(name => /^openclaw-.*\.log$/.test(name))) {
      return { folder, unreadable }
    }
  }
  return { unreadable }
}

const folderSource = (folder: string): FileSourceConfig => {
  return { type: 'file', name: 'openclaw', paths: [join(folder, OPENCLAW_LOGS)], start_at: 'beginning' }
}

const containerSource = (patterns: readonly string[]): FileSourceConfig => {
  return { type: 'file', name: 'containers', paths: [...patterns], containers: OPENCLAW, start_at: 'beginning' }
}

/** Whether a folder is another one or lies in it. */
const isWithin = (folder: string, other: string): boolean => `${folder}/`.startsWith(`${other.replace(/\/+$/, '')}/`)

/** Files and folders named on the command line, each a source of its own, read from the beginning. */
export async function namedSources(paths: readonly string[], folder: string): Promise<ChosenSources> {
  const names = new Set<string>()
  const sources: SourceConfig[] = []
  for (const path of paths) {
    const absolute = resolve(folder, path)
    const found = await stat(absolute).catch(error => {
      throw new ClawtrustError(
        'USAGE',
        `${path} cannot be read (${error.code}); set a log file or a folder of log files`,
      )
    })
    const pattern = found.isDirectory() ? join(escapeGlob(absolute), '*.log') : escapeGlob(absolute)
    const name = freeName(basename(absolute) || absolute, names)
    sources.push({ type: 'file', name, paths: [pattern], start_at: 'beginning' })
  }
  return { sources, sentence: `Reading ${paths.join(', ')} from the beginning.` }
}

/** A name on the command line is literal, even if it contains pattern characters. */
function escapeGlob(path: string): string {
  return path.replace(/[*?[\]{}]/g, '[$&]')
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted
  for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`
  taken.add(name)
  return name
}
