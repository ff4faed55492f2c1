import { code, table } from './markdown.ts'

interface Room {
  readonly name: string
  readonly holds: string
  readonly imports: readonly string[]
}

const BEGIN = '<!-- rooms: made by `npm run generate` from .dependency-cruiser.js -->\n\n'
const END = '\n\n<!-- /rooms -->'

/**
 * The page with the table of rooms from the dependency rules.
 *
 * @throws Error if the page has no place for the table
 */
export function withRoomTable(page: string, rooms: readonly Room[]): string {
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END, begin)
  if (begin === -1 || end === -1) throw new Error(`docs/architecture.md has no ${BEGIN.trim()} … ${END.trim()}`)
  const rows = rooms.map(({ name, holds, imports }) => [code(`${name}/`), holds, imports.join(', ') || 'no other room'])
  return page.slice(0, begin + BEGIN.length) + table(['room', 'holds', 'may import'], rows) + page.slice(end)
}
