import type { LogLine } from './templates/log-line.ts'
import type { Template } from './templates/template.ts'

/**
 * The few candidate templates of a line, in the order of evaluation; whether the line has their prefix is not checked.
 */
export type FindTemplates = (line: Pick<LogLine, 'subsystem' | 'text'>) => readonly Template[]

/** Templates by the first word of their prefix. */
type ByFirstWord = Map<string, readonly Template[]>

const ANY_SUBSYSTEM = '*'
const NONE: readonly Template[] = []
/** The first word of every template is shorter. */
const MAX_FIRST_WORD_LENGTH = 64

/**
 * Two look-ups for each line: the table of its subsystem, or of all others, and in it the templates with the line's
 * first word.
 */
export function createTemplateIndex(templates: readonly Template[]): FindTemplates {
  const bySubsystem = new Map<string, ByFirstWord>([[ANY_SUBSYSTEM, new Map()]])
  for (const template of templates) {
    const names = template.subsystems.length === 0 ? [ANY_SUBSYSTEM] : template.subsystems
    for (const name of names) add(bySubsystem, name, template)
  }
  const common = bySubsystem.get(ANY_SUBSYSTEM) as ByFirstWord
  for (const [name, own] of bySubsystem) if (name !== ANY_SUBSYSTEM) bySubsystem.set(name, completed(own, common))
  return ({ subsystem, text }) => {
    const table = bySubsystem.get(subsystem) ?? common
    return table.get(firstWord(text)) ?? table.get('') ?? NONE
  }
}

/** A subsystem's own templates, then those of all subsystems, then its own for texts with any first word. */
function completed(own: ByFirstWord, common: ByFirstWord): ByFirstWord {
  const free = own.get('') ?? NONE
  const words = new Set([...own.keys(), ...common.keys()])
  words.delete('')
  const rows = [...words].map(word => {
    return [word, [...(own.get(word) ?? NONE), ...(common.get(word) ?? NONE), ...free]] as const
  })
  return new Map([...rows, ['', free]])
}

function add(bySubsystem: Map<string, ByFirstWord>, subsystem: string, template: Template): void {
  const table: ByFirstWord = bySubsystem.get(subsystem) ?? new Map()
  bySubsystem.set(subsystem, table)
  const word = firstWord(template.prefix)
  const sharing = [...(table.get(word) ?? NONE), template]
  table.set(
    word,
    sharing.sort((a, b) => b.prefix.length - a.prefix.length),
  )
}

function firstWord(text: string): string {
  const space = text.indexOf(' ')
  return text.slice(0, space === -1 ? MAX_FIRST_WORD_LENGTH : Math.min(space, MAX_FIRST_WORD_LENGTH))
}
