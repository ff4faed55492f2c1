import { Command, CommanderError } from 'commander'
import { errorCatalogue } from '../core/error-catalogue.ts'
import { ClawtrustError } from '../core/errors.ts'
import { checkConfigCommand } from './check-config.ts'
import type { CliContext } from './context.ts'
import { elasticCommand } from './elastic.ts'
import { explainCommand } from './explain.ts'
import { exporterCommand } from './exporter.ts'
import { remediationCommand } from './remediation.ts'

/** Exit codes: the command failed, or its arguments or its configuration are wrong. */
const FAILURE = 1
const WRONG_USE = 2

/** Runs one command and returns the exit code; errors are written to stderr, one sentence a line. */
export async function runProgram(args: readonly string[], context: CliContext): Promise<number> {
  try {
    await createProgram(context).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // commander has written the error itself; help and version exit with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE
    context.stderr.write(`${describe(error, /--log\.level[= ]debug/.test(args.join(' ')))}\n`)
    return error instanceof ClawtrustError && errorCatalogue[error.code].isWrongInput ? WRONG_USE : FAILURE
  }
}

/** All commands, of which each writes to the context and never ends the process. */
export function createProgram(context: CliContext): Command {
  const program = new Command('clawtrust')
    .description('Zero-trust monitoring for self-hosted OpenClaw.')
    .version(context.version)
  const commands = [
    exporterCommand(context),
    explainCommand(context),
    checkConfigCommand(context),
    elasticCommand(context),
    remediationCommand(context),
  ]
  for (const command of commands) program.addCommand(command)
  for (const command of [program, ...commands.flatMap(command => [command, ...command.commands])]) {
    command
      .exitOverride()
      .configureOutput({ writeOut: text => context.stdout.write(text), writeErr: text => context.stderr.write(text) })
  }
  return program
}

function describe(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return String(error)
  return debug ? (error.stack ?? error.message) : error.message
}
