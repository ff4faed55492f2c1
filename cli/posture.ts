import { Command } from 'commander'
import { ClawtrustError } from '../core/errors.ts'
import type { AcceptanceAnswer, PostureAnswer } from '../exporter/web/api/posture.ts'
import type { CliContext } from './context.ts'
import { addExporterClientOptions, askExporter, type ExporterClientOptions } from './exporter-client.ts'
import { postureReport } from './posture-report.ts'

interface ListOptions extends ExporterClientOptions {
  readonly json?: boolean
}

interface PatternOptions extends ExporterClientOptions {
  readonly target?: string
  readonly gateway?: string
  readonly who?: string
}

interface AcceptOptions extends PatternOptions {
  readonly why?: string
  readonly for?: string
}

/** Asks the running exporter, which owns the state. */
export function postureCommand(context: CliContext): Command {
  const command = new Command('posture').description(
    'Lists the open findings about gateways, and accepts some of them for some time.',
  )
  command.addCommand(listCommand(context))
  command.addCommand(acceptCommand(context))
  command.addCommand(expireCommand(context))
  return command
}

function listCommand(context: CliContext): Command {
  const command = new Command('list')
    .summary('lists snapshots, findings and acceptances')
    .description('Lists the snapshots of each gateway, its open findings, and what operators have accepted.')
    .option('--json', 'print JSON')
  return addExporterClientOptions(command).action(async (options: ListOptions) => {
    const answer = await askExporter<PostureAnswer>({ path: 'api/v1/posture' }, options, context)
    context.stdout.write(options.json === true ? `${JSON.stringify(answer, undefined, 2)}\n` : postureReport(answer))
  })
}

function acceptCommand(context: CliContext): Command {
  const command = withPattern(
    new Command('accept')
      .summary('accepts findings for some time')
      .description(
        'Accepts the findings of a check until a time: they no longer fire alerts, and are exposed as accepted.',
      ),
  )
    .option('--why <text>', 'the reason (required)')
    .option('--for <duration>', 'how long, for instance 30d (required)')
  return addExporterClientOptions(command).action(async (check: string, options: AcceptOptions) => {
    const { why, for: term } = options
    if (why === undefined || term === undefined) {
      throw new ClawtrustError('USAGE', 'An acceptance needs a reason and an end: give --why and --for.')
    }
    const body = { ...patternOf(check, options), why, for: term }
    const accepted = await askExporter<AcceptanceAnswer>({ path: 'api/v1/posture/accept', body }, options, context)
    context.stdout.write(`Accepted by ${accepted.who} until ${accepted.until}.\n`)
  })
}

function expireCommand(context: CliContext): Command {
  const command = withPattern(
    new Command('expire')
      .summary('ends an acceptance')
      .description('Ends the acceptance of a check, with the same target and gateway, before its time.'),
  )
  return addExporterClientOptions(command).action(async (check: string, options: PatternOptions) => {
    const body = patternOf(check, options)
    await askExporter({ path: 'api/v1/posture/expire', body }, options, context)
    context.stdout.write('The acceptance has ended.\n')
  })
}

function withPattern(command: Command): Command {
  return command
    .argument('<check>', 'the check, for instance gateway.trusted_proxies_missing')
    .option('--target <text>', 'what the finding is about (default: every target)')
    .option('--gateway <name>', 'the gateway (default: all gateways)')
    .option('--who <name>', 'the operator, where the exporter asks for no user')
}

const patternOf = (check: string, { target, gateway, who }: PatternOptions): Readonly<Record<string, string>> => ({
  check,
  ...(target !== undefined && { target }),
  ...(gateway !== undefined && { gateway }),
  ...(who !== undefined && { who }),
})
