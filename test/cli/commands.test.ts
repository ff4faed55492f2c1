import { describe, expect, it } from '@jest/globals'
import { type Command, Help } from 'commander'
import type { CliContext } from '../../cli/context.ts'
import { createProgram } from '../../cli/program.ts'

const context = { version: '1.2.3' } as CliContext
const whole = await createProgram(context)
const isGroup = ({ commands }: Command) => commands.length > 0

/** The help of the program or of one of its commands, of which no inner command is called. */
async function help(name: string): Promise<string> {
  const program = await createProgram(context, called => called === name)
  return (program.commands.find(command => command.name() === name) ?? program).helpInformation()
}

const inOneLine = (text: string) => text.replace(/\s+/g, ' ')

describe.each([whole, ...whole.commands.filter(isGroup)].map(group => [group.name(), group] as const))(
  'the help of %s',
  (name, group) => {
    const terms = new Help()

    it.each(group.commands.map(command => [command.name(), command] as const))(
      'lists %s, which it has not loaded, with the arguments and the summary that the command has',
      async (_, command) => {
        const line = `${terms.subcommandTerm(command)} ${terms.subcommandDescription(command)}`
        expect(inOneLine(await help(name))).toContain(` ${inOneLine(line)} `)
      },
    )
  },
)
