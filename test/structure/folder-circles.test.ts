import { dirname } from 'node:path/posix'
import { describe, expect, it } from '@jest/globals'
import { rooms } from '../../.dependency-cruiser.js'
import { type Import, importsOf } from '../../tools/docs/imports.ts'
import { isSource, read, repositoryFiles } from './source-files.ts'

/** Folders that hold no tests: those import each other's fixtures. */
const FOLDERS = [...rooms.map(({ name }) => name), 'bench', 'tools']

/** The files beside the subfolders of a folder, as one. */
const OWN_FILES = '.'

/**
 * The circles among the parts of each folder. Its parts are each of its subfolders, and its own files together: these
 * import subfolders, as a registry does its members, or subfolders import them, as members do their contract, never both.
 */
function folderCircles(imports: Iterable<Import>): string[] {
  const byFolder = new Map<string, Map<string, Set<string>>>()
  for (const [from, to] of imports) {
    const folder = commonFolder(from, to)
    const [importer, imported] = [from, to].map(path => partOf(path, folder)) as [string, string]
    if (importer === imported) continue
    const parts = byFolder.get(folder) ?? new Map<string, Set<string>>()
    byFolder.set(folder, parts.set(importer, (parts.get(importer) ?? new Set()).add(imported)))
  }
  return [...byFolder].flatMap(([folder, parts]) => {
    const inCircle = [...parts.keys()].filter(part => reachedFrom(part, parts).has(part))
    return inCircle.length === 0 ? [] : [`${folder}: ${inCircle.sort().join(' ')}`]
  })
}

function commonFolder(one: string, other: string): string {
  let folder = dirname(one)
  while (folder !== '.' && !other.startsWith(`${folder}/`)) folder = dirname(folder)
  return folder
}

function partOf(path: string, folder: string): string {
  const below = folder === '.' ? path : path.slice(folder.length + 1)
  return below.includes('/') ? below.slice(0, below.indexOf('/')) : OWN_FILES
}

function reachedFrom(part: string, parts: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const reached = new Set<string>()
  const pending = [part]
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const next of parts.get(at) ?? []) {
      if (reached.has(next)) continue
      reached.add(next)
      pending.push(next)
    }
  }
  return reached
}

describe('the folders', () => {
  it('import each other in one direction, and so do the files of a folder and its subfolders', () => {
    const files = repositoryFiles().filter(path => isSource(path) && FOLDERS.includes(path.split('/')[0] ?? ''))
    const known = new Set(files)
    const imports = files.flatMap(path => importsOf(path, read(path))).filter(([, to]) => known.has(to))
    expect(imports.length).toBeGreaterThan(files.length)
    expect(folderCircles(imports)).toEqual([])
  })
})

describe('the folders of the panel', () => {
  it('import each other in one direction, and so do the files of a folder and its subfolders', () => {
    const sources = repositoryFiles().filter(path => /^grafana-plugin\/src\/.*\.tsx?$/.test(path))
    // An import there names no extension.
    const modules = new Set(sources.map(path => path.replace(/\.tsx?$/, '')))
    const imports = sources.flatMap(path => importsOf(path, read(path))).filter(([, to]) => modules.has(to))
    expect(imports.length).toBeGreaterThan(100)
    expect(folderCircles(imports)).toEqual([])
  })
})

describe('a circle of folders', () => {
  it.each<[string, Import[], string[]]>([
    [
      'between two',
      [
        ['a/x/1', 'a/y/1'],
        ['a/y/2', 'a/x/2'],
      ],
      ['a: x y'],
    ],
    [
      'through deeper files',
      [
        ['a/x/p/1', 'a/y/1'],
        ['a/y/q/2', 'a/x/2'],
      ],
      ['a: x y'],
    ],
    [
      'over three',
      [
        ['a/x/1', 'a/y/1'],
        ['a/y/2', 'a/z/2'],
        ['a/z/1', 'a/x/1'],
      ],
      ['a: x y z'],
    ],
    [
      'of a folder and its subfolder',
      [
        ['a/1', 'a/x/1'],
        ['a/x/2', 'a/2'],
      ],
      ['a: . x'],
    ],
    [
      'of a folder and a deeper one',
      [
        ['a/1', 'a/x/p/1'],
        ['a/x/q/2', 'a/2'],
      ],
      ['a: . x'],
    ],
    [
      'of rooms',
      [
        ['a/1', 'b/1'],
        ['b/2', 'a/x/2'],
      ],
      ['.: a b'],
    ],
  ])('is found %s', (_, imports, circles) => {
    expect(folderCircles(imports)).toEqual(circles)
  })

  it.each<[string, Import[]]>([
    [
      'a registry above its members',
      [
        ['a/registry', 'a/x/1'],
        ['a/registry', 'a/y/1'],
        ['a/x/1', 'a/y/1'],
      ],
    ],
    [
      'members above their contract',
      [
        ['a/x/1', 'a/contract'],
        ['a/y/1', 'a/contract'],
      ],
    ],
    [
      'files of one folder',
      [
        ['a/1', 'a/2'],
        ['a/x/1', 'a/x/2'],
      ],
    ],
  ])('is not: %s', (_, imports) => {
    expect(folderCircles(imports)).toEqual([])
  })
})
