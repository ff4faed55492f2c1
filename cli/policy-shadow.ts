import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { DAY_MS, type EpochMs } from '../core/clock.ts'
import { ClawtrustError } from '../core/errors.ts'
import { parseDuration } from '../core/time/duration.ts'
import { shadowJson } from '../policy/shadow/render/json.ts'
import { shadowPage } from '../policy/shadow/render/page.ts'
import { shadowText } from '../policy/shadow/render/text.ts'
import { shadowReport } from '../policy/shadow/report.ts'
import type { ShadowReport } from '../policy/shadow/report-model.ts'
import { fileTrouble } from '../service/files/regular-file.ts'
import { writeWholeFile } from '../service/files/replace-file.ts'
import type { CliContext } from './context.ts'
import { requiredConfigFileOption } from './options.ts'
import { loadPolicyFile } from './policy-file.ts'
import { readPolicyHistory } from './policy-history.ts'
import { ProgressLine } from './progress-line.ts'
import { stopSignal } from './stop-signal.ts'

const formats = { table: shadowText, json: shadowJson, html: shadowPage } as const

interface ShadowOptions {
  readonly policy?: string
  readonly against?: string
  readonly since: number | Date
  readonly until?: Date
  readonly 'config.file'?: string
  readonly logs?: readonly string[]
  readonly format: keyof typeof formats
  readonly out?: string
  readonly minimumDays: number
  readonly minimumEvents: number
  readonly maximumUnknown: number
}

const MINIMUM_DAYS = 7
const MINIMUM_EVENTS = 1_000

export function policyShadowCommand(context: CliContext): Command {
  return new Command('shadow')
    .summary('tests a policy against the history of flows')
    .description(
      'Decides by a policy on the flows of the past, in Elasticsearch or in log files, and reports what it would have allowed, denied, and could not judge. Nothing is enforced, and nothing is written to a store.\n' +
        'The exit code is 0 if nothing that passes would be denied and the evidence suffices, 1 if something would be denied or the history cannot be read, 2 if a policy, the configuration or the command line has an error, and 3 if the evidence does not suffice.',
    )
    .addOption(new Option('--policy <file>', 'the policy, in the text form or in YAML (required)'))
    .option('--against <file>', 'the policy to compare with (default: what the logs say was enforced)')
    .addOption(
      new Option('--since <time>', 'the beginning: a duration before the end, or a time')
        .argParser(sinceOf)
        .default(14 * DAY_MS, '14d'),
    )
    .addOption(
      new Option('--until <time>', 'the end, for instance 2026-11-30T00:00:00Z (default: now)').argParser(timeOf),
    )
    .addOption(requiredConfigFileOption())
    .option('--logs <patterns...>', 'log files to read instead of the sources of the configuration')
    .addOption(new Option('--format <format>', 'the form of the report').choices(Object.keys(formats)).default('table'))
    .option('--out <file>', 'the file of the report (default: standard output)')
    .addOption(wholeNumberOption('--minimum-days <days>', 'days with records that are needed', MINIMUM_DAYS))
    .addOption(wholeNumberOption('--minimum-events <events>', 'events that are needed', MINIMUM_EVENTS))
    .addOption(wholeNumberOption('--maximum-unknown <percent>', 'events of 100 that may be unknown', 0))
    .action(async (options: ShadowOptions) => {
      if (options.logs !== undefined && options['config.file'] !== undefined) {
        throw new ClawtrustError('USAGE', '--logs and --config.file name two histories; remove one of the two')
      }
      const report = await reportOf(options, context)
      await deliver(formats[options.format](report), options.out, context)
      judge(report)
    })
}

async function reportOf(options: ShadowOptions, context: CliContext): Promise<ShadowReport> {
  const { folder } = context
  if (options.policy === undefined) throw new ClawtrustError('USAGE', '--policy is missing; name the file of a policy')
  const candidate = (await loadPolicyFile(options.policy, folder)).resolved
  const against = options.against === undefined ? undefined : (await loadPolicyFile(options.against, folder)).resolved
  const until = options.until?.getTime() ?? Date.now()
  const since = typeof options.since === 'number' ? until - options.since : options.since.getTime()
  if (since >= until) throw new ClawtrustError('USAGE', '--since is not before --until; correct one of the two')
  const progress = new ProgressLine(context.stderr, () => performance.now())
  const stop = stopSignal(context.process)
  try {
    const history = await readPolicyHistory(
      { folder, logs: options.logs, configFile: options['config.file'] },
      {
        window: { since, until },
        policies: against === undefined ? [candidate] : [candidate, against],
        signal: stop.signal,
        progress: doing => progress.update(doing),
      },
    )
    stop.signal.throwIfAborted()
    const minimum = {
      days: options.minimumDays,
      events: options.minimumEvents,
      unknownPercent: options.maximumUnknown,
    }
    return shadowReport(history, { candidate, against, minimum })
  } finally {
    progress.clear()
    stop.release()
  }
}

async function deliver(text: string, out: string | undefined, { folder, stdout }: CliContext): Promise<void> {
  if (out === undefined) {
    stdout.write(text)
    return
  }
  await writeWholeFile(resolve(folder, out), text).catch(cause => {
    const trouble = fileTrouble(cause).replace('cannot be read', 'cannot be written')
    throw new ClawtrustError('USAGE', `${out} ${trouble}`, { cause })
  })
}

/** Ends with the code of the verdict. */
function judge({ verdict: { decision, reasons } }: ShadowReport): void {
  if (decision === 'nothing_would_be_denied') return
  const code = decision === 'would_deny' ? 'POLICY_WOULD_DENY' : 'POLICY_EVIDENCE_INSUFFICIENT'
  throw new ClawtrustError(code, reasons.join('; '))
}

/** A duration, or the time itself. */
const sinceOf = (text: string): number | Date => {
  const duration = parseDuration(text)
  return duration === undefined || duration === 0 ? timeOf(text) : duration
}

/** ISO 8601, with an offset unless it is a day. */
const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

function timeOf(text: string): Date {
  const time: EpochMs = TIME.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return new Date(time)
  throw new InvalidArgumentError(
    'It must be a time such as 2026-11-30T00:00:00Z, or for --since a duration such as 14d.',
  )
}

const wholeNumberOption = (flags: string, about: string, preset: number): Option =>
  new Option(flags, about)
    .argParser(text => {
      if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
      return Number(text)
    })
    .default(preset)
