import { dirname, join } from 'node:path/posix'

export type Import = readonly [from: string, to: string]

const RELATIVE_IMPORT = /\b(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g

/** What a file of the repository imports of it, imports of types too. */
export function importsOf(path: string, text: string): Import[] {
  return [...text.matchAll(RELATIVE_IMPORT)].map(([, target = '']) => [path, join(dirname(path), target)])
}

/** Below one folder: which of its folders import which, each in the given order. The files beside them are left out. */
export function importsOfFolders(
  part: string,
  folders: readonly string[],
  imports: readonly Import[],
): ReadonlyMap<string, readonly string[]> {
  const isIn = (folder: string) => (path: string) => path.startsWith(`${part}/${folder}/`)
  return new Map(
    folders.map(folder => {
      const targets = imports.filter(([from]) => isIn(folder)(from)).map(([, to]) => to)
      return [folder, folders.filter(other => other !== folder && targets.some(isIn(other)))]
    }),
  )
}
