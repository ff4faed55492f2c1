import { glob, readdir, stat } from 'node:fs/promises'
import { failureReason } from '../core/errors.ts'
import { readRegularFile } from '../service/files/regular-file.ts'
import { type Machine, thisMachine } from './containers.ts'

/** Paths that a pattern leads to, and why it may lead to more that are not seen. */
export interface Found {
  readonly paths: readonly string[]
  /** The reason why the path or its folder cannot be looked at; absent where nothing is there. */
  readonly refused?: string
}

/** How a host is looked at, without changing anything: every part is a function, so that any host can be described. */
export interface Host {
  /** The home of the user. */
  readonly home: string
  /** The name of the host. */
  readonly hostname: string
  /** Regular files under a path, which may be a pattern. */
  readonly find: (pattern: string) => Promise<Found>
  /** A whole text; rejects with the errors of `readRegularFile`. */
  readonly read: (path: string) => Promise<string>
  /** How containers are looked at. */
  readonly machine: Machine
}

/** Most paths that one pattern may lead to. */
const MOST_PATHS = 200
/** Largest configuration that is read. */
const MOST_BYTES = 1024 * 1024

export const hostWith = (home: string, hostname: string): Host => ({
  home,
  hostname,
  find: findFiles,
  read: path => readRegularFile(path, MOST_BYTES),
  machine: thisMachine,
})

/** Places where a program looks in vain are normal. */
const absent: readonly string[] = ['ENOENT', 'ENOTDIR']

async function findFiles(pattern: string): Promise<Found> {
  const isPattern = /[*?[{]/.test(pattern)
  try {
    if (!isPattern) return { paths: (await stat(pattern)).isFile() ? [pattern] : [] }
    // A pattern is silent about a folder that cannot be listed.
    await readdir(pattern.slice(0, pattern.search(/\/[^/]*[*?[{]/)) || '/')
    const paths: string[] = []
    for await (const path of glob(pattern)) {
      if (await isFile(path)) paths.push(path)
      if (paths.length === MOST_PATHS) break
    }
    return { paths: paths.sort() }
  } catch (error) {
    const reason = failureReason(error)
    return { paths: [], ...(absent.includes(reason) ? {} : { refused: reason }) }
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isFile(),
    () => false,
  )
