import { Command, Help } from 'commander'
import type { CliContext } from './context.ts'

/** What the help says of a command, and where the command is: its libraries are loaded when it is called. */
export interface LazyCommand {
  /** Its options and arguments in the help, as commander writes them; empty where it has none. */
  readonly usage: string
  /** In lower case and without a full stop. */
  readonly summary: string
  readonly load: () => Promise<CreateCommand>
}

export type CreateCommand = (context: CliContext, isCalled: IsCalled) => Command | Promise<Command>

/** Whether a command line may call the command of this name, or ask for its help. */
export type IsCalled = (name: string) => boolean

/** Commands by their names, in the order of the help. */
export type LazyCommands = Readonly<Record<string, LazyCommand>>

/** Adds these commands to a group of commands: whole where they are called, otherwise what the help of the group says of them. */
export async function addCommands(
  group: Command,
  commands: LazyCommands,
  context: CliContext,
  isCalled: IsCalled,
): Promise<Command> {
  group.configureHelp({ subcommandTerm: command => commandTerm(command, commands) })
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = isCalled(name) ? await (await load())(context, isCalled) : new Command(name)
    group.addCommand(command.summary(summary))
  }
  return group
}

/** commander adds `help` itself. */
function commandTerm(command: Command, commands: LazyCommands): string {
  const listed = commands[command.name()]
  return listed === undefined ? new Help().subcommandTerm(command) : `${command.name()} ${listed.usage}`.trimEnd()
}
