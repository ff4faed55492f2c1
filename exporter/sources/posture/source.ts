import type { Clock } from '../../../core/clock.ts'
import type { Logger } from '../../../service/log/logger.ts'
import type { Json } from '../../../service/state/state.ts'
import type { Batch, Source, SourceHealth, SourceStart } from '../../contracts/source.ts'
import type { Sleep } from '../../contracts/source-kind.ts'
import type { SnapshotInput } from './input.ts'

export interface PostureSourceOptions {
  readonly name: string
  readonly gateway?: string
  /** Sentences on what should be configured otherwise, although the source works. */
  readonly notices: readonly string[]
  readonly input: (cursor: ReadonlyMap<string, Json>) => SnapshotInput
}

export interface PostureSourceDependencies {
  readonly clock: Pick<Clock, 'now'>
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly sleep: Sleep
}

/** Between two looks at the input, milliseconds. */
const PAUSE_MS = 2_000

/** Snapshots of posture: what a command writes that is run at an interval, or the files that another scheduler writes. */
export function createPostureSource(
  { name, gateway, notices, input: open }: PostureSourceOptions,
  { clock, logger, sleep }: PostureSourceDependencies,
): Source {
  let health: SourceHealth = { up: true, backlog: 0, notices }

  function report(trouble: string | undefined): void {
    if (trouble !== undefined && trouble !== health.reason) logger.warn(trouble)
    if (trouble === undefined && !health.up) logger.info('Snapshots are read again.')
    health = { up: trouble === undefined, backlog: 0, notices, ...(trouble !== undefined && { reason: trouble }) }
  }

  return {
    name,
    kind: 'posture',
    durable: true,
    isIntermittent: true,
    health: () => health,
    async *read({ cursor, signal }: SourceStart): AsyncIterable<Batch> {
      const input = open(cursor)
      let watermark = clock.now() - input.lag
      while (!signal.aborted) {
        const begun = clock.now()
        for await (const { records, cursor, end } of input.look(signal)) {
          if (signal.aborted) return
          if (end !== undefined) {
            report(end.trouble)
            watermark = Math.max(watermark, begun - input.lag)
          }
          yield {
            records: gateway === undefined ? records : records.map(record => ({ ...record, gateway })),
            tally: { skipped: 0, undecoded: {}, lostBytes: 0 },
            cursor,
            watermark,
            caughtUp: end !== undefined,
          }
        }
        await sleep(PAUSE_MS, signal)
      }
    },
  }
}
