import type { GeneratedPart } from './generated-part.ts'
import { code, table } from './markdown.ts'

interface Room {
  readonly name: string
  readonly holds: string
  readonly imports: readonly string[]
}

/** The table of rooms on docs/architecture.md, from the dependency rules. */
export function roomTable(rooms: readonly Room[]): GeneratedPart {
  const rows = rooms.map(({ name, holds, imports }) => [code(`${name}/`), holds, imports.join(', ') || 'no other room'])
  return { name: 'rooms', from: '.dependency-cruiser.js', text: table(['room', 'holds', 'may import'], rows) }
}
