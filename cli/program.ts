import { Command, CommanderError } from 'commander'
import type { ErrorCode } from '../core/error-catalogue.ts'
import { ClawtrustError, Fault, failureReason, stackFrames } from '../core/errors.ts'
import { checkConfigCommand } from './check-config.ts'
import type { CliContext } from './context.ts'
import { elasticCommand } from './elastic.ts'
import { explainCommand } from './explain.ts'
import { exporterCommand } from './exporter.ts'
import { remediationCommand } from './remediation.ts'

/** Exit codes: the command failed, or it was called or configured wrongly. */
const FAILURE = 1
const WRONG_USE = 2

/** Where the user's own input is wrong and trying again changes nothing. */
const WRONG_INPUT: readonly ErrorCode[] = [
  'CONFIG_INVALID',
  'CONFIG_UNKNOWN_KEY',
  'CONFIG_UNREADABLE',
  'LISTEN_UNAUTHENTICATED',
  'SECRET_UNREADABLE',
  'USAGE',
]

/** Runs one command and returns the exit code; what went wrong stands on stderr, one sentence a line. */
export async function runProgram(args: readonly string[], context: CliContext): Promise<number> {
  try {
    await createProgram(context).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // commander has written its own sentence; help and version end with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE
    context.stderr.write(`${failureSentence(error, /--log\.level[= ]debug/.test(args.join(' ')))}\n`)
    return error instanceof ClawtrustError && WRONG_INPUT.includes(error.code) ? WRONG_USE : FAILURE
  }
}

function createProgram(context: CliContext): Command {
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

/**
 * What went wrong, for standard error: our own sentence, or the code of what was not expected.
 *
 * @param debug true for the place too
 */
export function failureSentence(error: unknown, debug: boolean): string {
  if (error instanceof Fault) return debug ? `${error.message}\n${stackFrames(error)}` : error.message
  const sentence = `An unexpected error occurred (${failureReason(error)}); report it.`
  return error instanceof Error && debug ? `${sentence}\n${stackFrames(error)}` : sentence
}
