import { InvalidArgumentError, Option } from 'commander'
import { DAY_MS, type EpochMs } from '../core/clock.ts'
import { ClawtrustError, Fault } from '../core/errors.ts'
import { parseDuration } from '../core/time/duration.ts'
import { isCalendarDay } from '../core/time/local-date.ts'
import type { ResolvedPolicy } from '../policy/language/resolved.ts'
import type { FlowHistory } from '../policy/shadow/history.ts'
import { grouped } from '../service/page/words.ts'
import type { CliContext } from './context.ts'
import { readPolicyHistory } from './policy-history.ts'
import { ProgressLine } from './progress-line.ts'
import { stopSignal } from './stop-signal.ts'

/** Which flows of the past a command reads. */
export interface HistoryOptions {
  readonly since: number | Date
  readonly until?: Date
  readonly 'config.file'?: string
  readonly logs?: readonly string[]
}

export const sinceOption = (): Option =>
  new Option('--since <time>', 'the beginning: a duration before the end, or a time')
    .argParser(sinceOf)
    .default(14 * DAY_MS, '14d')

export const untilOption = (): Option =>
  new Option('--until <time>', 'the end, for instance 2026-11-30T00:00:00Z (default: now)').argParser(timeOf)

export const logsOption = (): Option =>
  new Option('--logs <patterns...>', 'log files to read instead of the sources of the configuration')

/**
 * Reads the flows, with the progress on a terminal.
 *
 * @param policies their conditions on time divide the window
 */
export async function historyOf(
  options: HistoryOptions,
  policies: readonly ResolvedPolicy[],
  context: CliContext,
): Promise<FlowHistory> {
  const { logs, 'config.file': configFile } = options
  if (logs !== undefined && configFile !== undefined) {
    throw new ClawtrustError('USAGE', '--logs and --config.file name two histories; remove one of the two')
  }
  const until = options.until?.getTime() ?? Date.now()
  const since = typeof options.since === 'number' ? until - options.since : options.since.getTime()
  if (since >= until) throw new ClawtrustError('USAGE', '--since is not before --until; correct one of the two')
  if (until - since > MAX_DAYS * DAY_MS) {
    throw new ClawtrustError(
      'USAGE',
      `--since is more than ${grouped(MAX_DAYS)} days before the end; choose a later one`,
    )
  }
  const progress = new ProgressLine(context.stderr, () => performance.now())
  const stop = stopSignal(context.process)
  try {
    const history = await readPolicyHistory(
      { folder: context.folder, logs, configFile },
      { window: { since, until }, policies, signal: stop.signal, progress: doing => progress.update(doing) },
    )
    stop.signal.throwIfAborted()
    return history
  } catch (cause) {
    if (stop.signal.aborted)
      throw new Fault('The command was stopped before it had read the history; there is no result.')
    throw cause
  } finally {
    progress.clear()
    stop.release()
  }
}

/** Three years. Conditions on time divide a history day by day, and the queries of a store have a limited number of ranges. */
const MAX_DAYS = 1_100

/** A duration, or the time itself. */
const sinceOf = (text: string): number | Date => {
  const duration = parseDuration(text)
  return duration === undefined || duration === 0 ? timeOf(text) : duration
}

/** ISO 8601, with an offset unless it is a day. */
const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

function timeOf(text: string): Date {
  const time: EpochMs = TIME.test(text) && isCalendarDay(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return new Date(time)
  throw new InvalidArgumentError(
    'It must be a time such as 2026-11-30T00:00:00Z, or for --since a duration such as 14d.',
  )
}
