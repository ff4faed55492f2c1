import { Command, CommanderError } from 'commander'
import { type ErrorEntry, errorCatalogue } from '../core/error-catalogue.ts'
import { ClawtrustError, Fault, failureReason, stackFrames } from '../core/errors.ts'
import type { CliContext } from './context.ts'
import { showExamples } from './examples.ts'

/** Exit codes: the command failed, or its arguments or its configuration are wrong. */
const FAILURE = 1
const WRONG_USE = 2

/** In the order of the help. Each is loaded when it is called: reports and Elasticsearch need large libraries. */
const commands = new Map<string, () => Promise<(context: CliContext) => Command>>([
  ['exporter', async () => (await import('./exporter.ts')).exporterCommand],
  ['doctor', async () => (await import('./doctor.ts')).doctorCommand],
  ['explain', async () => (await import('./explain.ts')).explainCommand],
  ['posture', async () => (await import('./posture.ts')).postureCommand],
  ['versions', async () => (await import('./versions.ts')).versionsCommand],
  ['check-config', async () => (await import('./check-config.ts')).checkConfigCommand],
  ['elastic', async () => (await import('./elastic.ts')).elasticCommand],
  ['remediation', async () => (await import('./remediation.ts')).remediationCommand],
  ['report', async () => (await import('./report.ts')).reportCommand],
  ['policy', async () => (await import('./policy.ts')).policyCommand],
  ['deploy', async () => (await import('./deploy-init.ts')).deployCommand],
])

/** Runs one command and returns the exit code; errors are written to stderr, one sentence a line. */
export async function runProgram(args: readonly string[], context: CliContext): Promise<number> {
  try {
    await (await createProgram(context, args[0])).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // commander has written the error itself; help and version exit with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE
    context.stderr.write(`${failureSentence(error, /--log\.level[= ]debug/.test(args.join(' ')))}\n`)
    return error instanceof ClawtrustError ? exitCodeOf(errorCatalogue[error.code]) : FAILURE
  }
}

const exitCodeOf = ({ isWrongInput, exitCode = isWrongInput ? WRONG_USE : FAILURE }: ErrorEntry): number => exitCode

/**
 * The commands, of which each writes to the context and never ends the process.
 *
 * @param called the first argument: if it is the name of a command, the others are left out
 */
export async function createProgram(context: CliContext, called = ''): Promise<Command> {
  const program = new Command('clawtrust')
    .description('Zero-trust monitoring for self-hosted OpenClaw.')
    .version(context.version)
  const only = commands.get(called)
  for (const load of only === undefined ? commands.values() : [only]) program.addCommand((await load())(context))
  showExamples(program)
  for (const command of [program, ...program.commands.flatMap(command => [command, ...command.commands])]) {
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
