import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The files of a package folder that decide what npm installs there. */
const DECISIVE = ['package.json', 'package-lock.json', '.npmrc']

/**
 * The cache of installed packages, outside of the clone: a new clone whose lockfiles were installed before has its
 * node_modules in seconds. npm takes a minute and more for each folder, even if it downloads nothing.
 */
export interface PackageCache {
  readonly folder: string
  /** Identifies the cached node_modules of each folder of packages: the cache keeps one entry for each name. */
  readonly name: (packageFolder: string) => string
}

/** Links the cached packages for these lockfiles into a folder without node_modules. False if they are not cached. */
export function takeFromCache(cache: PackageCache, packageFolder: string): boolean {
  const target = join(packageFolder, 'node_modules')
  const entry = entryOf(cache, packageFolder)
  if (existsSync(target) || !existsSync(entry)) return false
  return linkWhole(entry, target)
}

/** Caches the installed node_modules, in place of those of earlier lockfiles. */
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

/** Links every file, all or none: two runs may do this concurrently, and hard links do not cross file systems. */
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
