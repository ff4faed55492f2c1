import type { LogLine } from './log-line.ts'
import type { Template } from './template.ts'

/** Finds the templates whose subsystem and literal prefix a line has, longest prefix first. */
export type FindTemplates = (line: LogLine) => readonly Template[]

/** Templates by the first word of their prefix. */
type ByFirstWord = Map<string, readonly Template[]>

const ANY_SUBSYSTEM = '*'
const NONE: readonly Template[] = []
/** No template's first word is as long. */
const LONGEST_FIRST_WORD = 64

/** Two look-ups a line (its subsystem's table and that of all subsystems), then the few prefixes with that first word. */
export function createTemplateIndex(templates: readonly Template[]): FindTemplates {
  const bySubsystem = new Map<string, ByFirstWord>()
  for (const template of templates) {
    const names = template.subsystems.length === 0 ? [ANY_SUBSYSTEM] : template.subsystems
    for (const name of names) add(bySubsystem, name, template)
  }
  const common = bySubsystem.get(ANY_SUBSYSTEM)

  return ({ subsystem, text }) => {
    const word = firstWord(text)
    const own = bySubsystem.get(subsystem)
    return [
      ...withPrefix(own, word, text),
      ...withPrefix(common, word, text),
      // A prefix that is empty stands for texts that begin with a free word.
      ...(own?.get('') ?? NONE),
    ]
  }
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
  const window = text.slice(0, LONGEST_FIRST_WORD)
  const space = window.indexOf(' ')
  return space === -1 ? window : window.slice(0, space)
}

function withPrefix(table: ByFirstWord | undefined, word: string, text: string): readonly Template[] {
  if (word === '') return NONE
  const sharing = table?.get(word)
  return sharing === undefined ? NONE : sharing.filter(template => text.startsWith(template.prefix))
}
