import { Command, CommanderError } from 'commander'
import { type ErrorEntry, errorCatalogue } from '../core/error-catalogue.ts'
import { ClawtrustError, Fault, failureReason, stackFrames } from '../core/errors.ts'
import { addCommands, type IsCalled, type LazyCommands } from './commands.ts'
import type { CliContext } from './context.ts'
import { showExamples } from './examples.ts'

/** Exit codes: the command failed, or its arguments or its configuration are wrong. */
const FAILURE = 1
const WRONG_USE = 2

const commands: LazyCommands = {
  exporter: {
    usage: '[options] [file...]',
    summary: 'reads logs and serves Prometheus metrics',
    load: async () => (await import('./exporter.ts')).exporterCommand,
  },
  doctor: {
    usage: '[options]',
    summary: 'says which signals are read on this host, and what to add',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  explain: {
    usage: '[options] <signal> <zone>',
    summary: 'explains the score of a signal',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  posture: {
    usage: '',
    summary: 'lists and accepts findings about gateways',
    load: async () => (await import('./posture.ts')).postureCommand,
  },
  versions: {
    usage: '[options]',
    summary: 'lists versions of OpenClaw and of guards',
    load: async () => (await import('./versions.ts')).versionsCommand,
  },
  'check-config': {
    usage: '[options] [file]',
    summary: 'checks a configuration file',
    load: async () => (await import('./check-config.ts')).checkConfigCommand,
  },
  elastic: {
    usage: '',
    summary: 'sets up and checks Elasticsearch',
    load: async () => (await import('./elastic.ts')).elasticCommand,
  },
  remediation: {
    usage: '[options]',
    summary: 'receives alerts, blocks addresses, sends messages and tickets',
    load: async () => (await import('./remediation.ts')).remediationCommand,
  },
  report: {
    usage: '[options]',
    summary: 'makes and verifies compliance reports',
    load: async () => (await import('./report.ts')).reportCommand,
  },
  policy: {
    usage: '',
    summary: 'reads, checks, compares and compiles policies',
    load: async () => (await import('./policy.ts')).policyCommand,
  },
  deploy: {
    usage: '',
    summary: 'prepares a deployment with Docker Compose',
    load: async () => (await import('./deploy-init.ts')).deployCommand,
  },
}

/** Runs one command and returns the exit code; errors are written to stderr, one sentence a line. */
export async function runProgram(args: readonly string[], context: CliContext): Promise<number> {
  try {
    await (await createProgram(context, name => args.includes(name))).parseAsync(args, { from: 'user' })
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
 * @param isCalled those for which it is false are only listed. Default: none is
 */
export async function createProgram(context: CliContext, isCalled: IsCalled = () => true): Promise<Command> {
  const program = new Command('clawtrust')
    .description('Zero-trust monitoring for self-hosted OpenClaw.')
    .version(context.version)
  await addCommands(program, commands, context, isCalled)
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
