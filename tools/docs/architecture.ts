import type { GeneratedPart } from './generated-part.ts'
import { type Import, importsOfFolders } from './imports.ts'
import { code, table } from './markdown.ts'

interface Room {
  readonly name: string
  readonly holds: string
  readonly imports: readonly string[]
}

/** A folder of a room; none imports a later one. */
interface Floor {
  readonly name: string
  readonly holds: string
}

const RULES = '.dependency-cruiser.js'
const namesOf = (folders: readonly string[]) => folders.map(folder => code(`${folder}/`)).join(', ')

/** The table of rooms on docs/architecture.md, from the dependency rules. */
export function roomTable(rooms: readonly Room[]): GeneratedPart {
  const rows = rooms.map(({ name, holds, imports }) => [code(`${name}/`), holds, imports.join(', ') || 'no other room'])
  return { name: 'rooms', from: RULES, text: table(['room', 'holds', 'may import'], rows) }
}

/** The table of the folders of a room, from the rules and from what its files import. */
export function floorTable(room: string, floors: readonly Floor[], imports: readonly Import[]): GeneratedPart {
  const folders = floors.map(({ name }) => name)
  const importing = importsOfFolders(room, folders, imports)
  const rows = floors.map(({ name, holds }) => [code(`${name}/`), holds, namesOf(importing.get(name) ?? []) || '–'])
  const text = table([`folder of ${code(`${room}/`)}`, 'holds', 'imports'], rows)
  return { name: `folders of ${room}`, from: `${RULES} and the imports`, text }
}
