import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The files of a package folder that decide what npm installs there. */
const DECISIVE = ['package.json', 'package-lock.json', '.npmrc']

/**
 * The cache of installed packages, outside the clone: a fresh clone with lockfiles that were installed before has its
 * node_modules in seconds. npm takes a minute and more for each folder, also where it downloads nothing.
 */
export interface PackageCache {
  readonly folder: string
  /** Identifies the cached node_modules of each folder of packages: one entry a name is kept. */
  readonly name: (packageFolder: string) => string
}

/** Puts what the cache has for these lockfiles into a folder without node_modules. False where it has nothing. */
export function takeFromCache(cache: PackageCache, packageFolder: string): boolean {
  const target = join(packageFolder, 'node_modules')
  const entry = entryOf(cache, packageFolder)
  if (existsSync(target) || !existsSync(entry)) return false
  return linkWhole(entry, target)
}

/** Keeps the node_modules that npm has installed, in place of what was kept for earlier lockfiles. */
export function keepInCache(cache: PackageCache, packageFolder: string): void {
  const entry = entryOf(cache, packageFolder)
  if (existsSync(entry)) return
  const parent = join(entry, '..')
  mkdirSync(parent, { recursive: true })
  const earlier = readdirSync(parent)
  if (!linkWhole(join(packageFolder, 'node_modules'), entry)) return
  for (const name of earlier) rmSync(join(parent, name), { recursive: true, force: true })
}

function entryOf(cache: PackageCache, packageFolder: string): string {
  const digest = createHash('sha256').update(`${process.platform} ${process.arch}\0`)
  for (const name of DECISIVE) {
    const file = join(packageFolder, name)
    digest.update(existsSync(file) ? readFileSync(file) : '').update('\0')
  }
  return join(cache.folder, cache.name(packageFolder), digest.digest('hex').slice(0, 32))
}

/** Links every file, whole or not at all: two runs may come here at once, and a link does not reach another file system. */
function linkWhole(source: string, target: string): boolean {
  const folder = mkdtempSync(`${target}-`)
  try {
    const { status } = spawnSync('cp', ['-al', source, join(folder, 'whole')], { stdio: 'ignore' })
    if (status !== 0) return false
    renameSync(join(folder, 'whole'), target)
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
