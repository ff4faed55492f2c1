import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

/**
 * Copies every file of a room that is not TypeScript to the same place below `dist`, so that
 * `new URL('./data/…', import.meta.url)` finds it there.
 *
 * @returns the paths that were copied, relative to `root`
 */
export function copyAssets(root: string, room: string, dist: string): string[] {
  const folder = join(root, room)
  if (!existsSync(folder)) return []
  const assets = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.endsWith('.ts'))
    .map(entry => relative(root, join(entry.parentPath, entry.name)))
  for (const asset of assets) cpSync(join(root, asset), join(dist, asset))
  return assets
}
