import { glob, readdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isOtherKind, otherKindOf } from '../../../service/files/regular-file.ts'
import type { ContainerFilter } from './containers.ts'
import type { FileContent } from './content.ts'
import { isPattern } from './options.ts'

/** A file found under one of the configured paths. */
export interface DiscoveredFile {
  readonly path: string
  /** Device and inode number: the same file under every name. */
  readonly key: string
  /** When it was last written, milliseconds since 1970. */
  readonly modified: number
  /** In bytes. */
  readonly size: number
}

export interface Discovery {
  /** One for each file, the one written longest ago first. */
  readonly files: readonly DiscoveredFile[]
  /** One sentence for each configured path that gives nothing to read. */
  readonly troubles: readonly string[]
  /** One sentence for each path that a pattern matches and that is no file: nothing is lost, but it may be a mistake. */
  readonly notices: readonly string[]
}

function notAFile(what: string): (path: string) => string {
  return path => `${path} is a ${what}, which cannot be followed; use the path of a log file.`
}

const explanations: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: path => `${path} does not exist; waiting for it.`,
  EACCES: path => `No permission to read ${path}; grant it to the user of clawtrust.`,
  EPERM: path => `No permission to read ${path}; grant it to the user of clawtrust.`,
  EISDIR: path => `${path} is a directory; use a file in it or a pattern such as ${path}/*.log.`,
  FIFO: notAFile('FIFO'),
  SOCKET: notAFile('socket'),
  DEVICE: notAFile('device'),
  ENOTDIR: path => `A part of the path ${path} is a file, not a folder; correct the path.`,
  EMFILE: path => `Too many open files to open ${path}; raise the limit of open files or follow fewer files.`,
}

export function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown'
}

/**
 * What keeps a path from being read, and what to do, in one sentence.
 *
 * @param isAwaited whether the path is looked for again
 */
export function troubleWith(path: string, code: string, isAwaited = true): string {
  if (code === 'ENOENT' && !isAwaited) return `${path} does not exist; correct the path.`
  return explanations[code]?.(path) ?? `${path} cannot be read (${code}).`
}

/** The folder that a pattern starts from: its part before the first wildcard. */
function baseFolder(pattern: string): string {
  const segments = pattern.split('/')
  const first = segments.findIndex(isPattern)
  return segments.slice(0, first).join('/') || (pattern.startsWith('/') ? '/' : '.')
}

async function namesOf(pattern: string): Promise<readonly string[]> {
  if (!isPattern(pattern)) return [pattern]
  await readdir(baseFolder(pattern))
  const names: string[] = []
  for await (const name of glob(pattern)) names.push(name)
  return names
}

async function wantedNames(
  pattern: string,
  notices: string[],
  containers?: ContainerFilter,
): Promise<readonly string[]> {
  const names = await namesOf(pattern)
  if (containers === undefined) return names
  const found = await containers.choose(pattern, names)
  notices.push(...found.notices)
  return found.chosen
}

async function inspect(path: string): Promise<DiscoveredFile> {
  const found = await stat(path, { bigint: true })
  const code = otherKindOf(found)
  if (code !== undefined) throw Object.assign(new Error(path), { code })
  return { path, key: `${found.dev}:${found.ino}`, modified: Number(found.mtimeMs), size: Number(found.size) }
}

/**
 * Looks which files lie under the configured paths now.
 *
 * @param containers chooses among them, before a file is looked at
 * @param isAwaited whether paths that lead to nothing are looked for again
 */
export async function discoverFiles(
  paths: readonly string[],
  containers?: ContainerFilter,
  isAwaited = true,
): Promise<Discovery> {
  const files = new Map<string, DiscoveredFile>()
  const troubles: string[] = []
  const notices: string[] = []
  const sort = (path: string, pattern: string, code: string): void => {
    // `**` is meant to match folders.
    if (code === 'EISDIR' && pattern.includes('**')) return
    if (isOtherKind(code)) notices.push(troubleWith(path, code))
    else if (code === 'EACCES') troubles.push(troubleWith(path, code))
  }
  for (const configured of paths) {
    try {
      const names = await wantedNames(configured, notices, containers)
      const found = await Promise.allSettled(names.map(inspect))
      for (const [index, result] of found.entries()) {
        if (result.status === 'fulfilled') files.set(result.value.key, files.get(result.value.key) ?? result.value)
        else if (!isPattern(configured)) throw result.reason
        else sort(names[index] ?? configured, configured, errorCode(result.reason))
      }
      if (!found.some(result => result.status === 'fulfilled'))
        troubles.push(`No file matches ${configured}${isAwaited ? ' yet' : ''}.`)
    } catch (error) {
      const path = isPattern(configured) ? baseFolder(configured) : configured
      troubles.push(troubleWith(path, errorCode(error), isAwaited))
    }
  }
  return { files: [...files.values()].sort((a, b) => a.modified - b.modified), troubles, notices }
}

/** True when a path no longer leads to this file although its folder can be looked into. */
export async function hasLeft(path: string, key: string): Promise<boolean> {
  try {
    await readdir(dirname(path))
    return (await inspect(path)).key !== key
  } catch (error) {
    if (isOtherKind(errorCode(error))) return true
    if (errorCode(error) !== 'ENOENT') return false
    return stat(dirname(path)).then(
      () => true,
      () => false,
    )
  }
}

/** True when no name leads to an open file any more. */
export async function isDeleted(handle: FileContent): Promise<boolean> {
  return handle.stat({ bigint: true }).then(
    ({ nlink }) => nlink === 0n,
    () => false,
  )
}
