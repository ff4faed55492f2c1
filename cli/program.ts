import { Command, CommanderError } from 'commander'
import { errorCatalogue } from '../core/error-catalogue.ts'
import { ClawtrustError, Fault, failureReason, stackFrames } from '../core/errors.ts'
import { checkConfigCommand } from './check-config.ts'
import type { CliContext } from './context.ts'
import { deployCommand } from './deploy-init.ts'
import { doctorCommand } from './doctor.ts'
import { elasticCommand } from './elastic.ts'
import { showExamples } from './examples.ts'
import { explainCommand } from './explain.ts'
import { exporterCommand } from './exporter.ts'
import { postureCommand } from './posture.ts'
import { remediationCommand } from './remediation.ts'
import { reportCommand } from './report.ts'
import { versionsCommand } from './versions.ts'

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
    context.stderr.write(`${failureSentence(error, /--log\.level[= ]debug/.test(args.join(' ')))}\n`)
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
    doctorCommand(context),
    explainCommand(context),
    postureCommand(context),
    versionsCommand(context),
    checkConfigCommand(context),
    elasticCommand(context),
    remediationCommand(context),
    reportCommand(context),
    deployCommand(context),
  ]
  for (const command of commands) program.addCommand(command)
  showExamples(program)
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
