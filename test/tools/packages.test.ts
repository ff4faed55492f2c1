import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { keepInCache, type PackageCache, takeFromCache } from '../../tools/panel/packages.ts'

describe('the cache of installed packages', () => {
  let home: string
  let cache: PackageCache

  /** A clone with a lockfile and, where given, what is installed in it. */
  const clone = (lockfile: string, installed?: string): string => {
    const folder = mkdtempSync(join(home, 'clone-'))
    writeFileSync(join(folder, 'package.json'), '{}')
    writeFileSync(join(folder, 'package-lock.json'), lockfile)
    if (installed === undefined) return folder
    mkdirSync(join(folder, 'node_modules', 'one'), { recursive: true })
    writeFileSync(join(folder, 'node_modules', 'one', 'index.js'), installed)
    return folder
  }
  const installedIn = (folder: string) => {
    const file = join(folder, 'node_modules', 'one', 'index.js')
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined
  }

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'clawtrust-packages-'))
    cache = { folder: join(home, 'cache'), name: () => 'panel' }
  })

  afterEach(() => rmSync(home, { recursive: true }))

  it('gives a clone with the same lockfile what was installed in another one', () => {
    keepInCache(cache, clone('a', 'of a'))
    const fresh = clone('a')
    expect(takeFromCache(cache, fresh)).toBe(true)
    expect(installedIn(fresh)).toBe('of a')
    expect(readdirSync(fresh).sort()).toEqual(['node_modules', 'package-lock.json', 'package.json'])
  })

  it('gives nothing to a clone with another lockfile, or other settings of npm', () => {
    keepInCache(cache, clone('a', 'of a'))
    const other = clone('b')
    const settings = clone('a')
    writeFileSync(join(settings, '.npmrc'), 'legacy-peer-deps=true')
    expect([other, settings].map(folder => takeFromCache(cache, folder))).toEqual([false, false])
    expect([other, settings].map(installedIn)).toEqual([undefined, undefined])
  })

  it('leaves packages alone that are installed', () => {
    keepInCache(cache, clone('a', 'of a'))
    const installed = clone('a', 'own')
    expect(takeFromCache(cache, installed)).toBe(false)
    expect(installedIn(installed)).toBe('own')
  })

  it('keeps the packages after the clone is gone, and only those of the latest lockfile', () => {
    const first = clone('a', 'of a')
    keepInCache(cache, first)
    keepInCache(cache, clone('b', 'of b'))
    rmSync(first, { recursive: true })
    const fresh = clone('b')
    expect(takeFromCache(cache, fresh)).toBe(true)
    expect(installedIn(fresh)).toBe('of b')
    expect(takeFromCache(cache, clone('a'))).toBe(false)
  })

  it('keeps nothing where nothing is installed', () => {
    keepInCache(cache, clone('a'))
    expect(takeFromCache(cache, clone('a'))).toBe(false)
  })
})
