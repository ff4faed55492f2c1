import { readdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { ClawtrustError } from '../core/errors.ts'
import type { FileSourceConfig } from '../exporter/sources/file/kind.ts'
import type { SourceConfig } from '../exporter/sources/registry.ts'

/** Default sources, and a sentence about them for the log and the page. */
export interface ChosenSources {
  readonly sources: readonly SourceConfig[]
  readonly sentence: string
}

const OPENCLAW_LOGS = 'openclaw-*.log'

/** OpenClaw's default log folders: it uses the second if the first is not safe to use. */
export function openclawLogFolders(): string[] {
  return ['/tmp/openclaw', join(tmpdir(), `openclaw-${process.getuid?.() ?? 0}`)]
}

/**
 * The first of these folders that holds a log of OpenClaw. The bundled recordings, where none of them does.
 *
 * @throws ClawtrustError LOG_FOLDER_UNREADABLE where no folder with a log is found and one of them cannot be listed: what
 * it holds is not known, and a demo must not take its place
 */
export async function findSources(folders: readonly string[]): Promise<ChosenSources> {
  const unreadable: string[] = []
  for (const folder of folders) {
    const found = await readdir(folder).catch(error => error as NodeJS.ErrnoException)
    if (!Array.isArray(found)) {
      if (found.code !== 'ENOENT') unreadable.push(`${folder} (${found.code})`)
      continue
    }
    if (!found.some(name => /^openclaw-.*\.log$/.test(name))) continue
    const source: FileSourceConfig = {
      type: 'file',
      name: 'openclaw',
      paths: [join(folder, OPENCLAW_LOGS)],
      start_at: 'beginning',
    }
    const passed = unreadable.length === 0 ? '' : ` ${unreadable.join(' and ')} cannot be read and is left out.`
    return {
      sources: [source],
      sentence: `Reading OpenClaw's log in ${folder} from the beginning, because no sources are configured.${passed}`,
    }
  }
  if (unreadable.length > 0) {
    throw new ClawtrustError(
      'LOG_FOLDER_UNREADABLE',
      `no sources are configured, and the log folder ${unreadable.join(' and ')} of OpenClaw cannot be read; run clawtrust as a user who may list it and its parent folders, or configure a source`,
    )
  }
  return {
    sources: [
      { type: 'recording', name: 'capture', recording: 'capture' },
      { type: 'recording', name: 'demo', recording: 'demo' },
    ],
    sentence:
      `Playing a recorded OpenClaw log and a synthetic demo, because no sources are configured and there is no OpenClaw log in ${folders.join(' or ')}. ` +
      'To read a log: clawtrust exporter FILE.',
  }
}

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
