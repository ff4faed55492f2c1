import type { EpochMs } from '../../../core/clock.ts'
import { type Random, seededRandom } from '../../../core/random.ts'
import { sleepUntilAborted } from '../../../service/event-loop/sleep.ts'
import type { Batch, Source, SourceStart } from '../../contracts/source.ts'
import { readCapturedLines, SECOND_CAPTURE } from './captured-lines.ts'
import type { RecordingDependencies } from './demo.ts'
import { createMoment, type Moment, type PlayedLine } from './moment.ts'
import { playedBatch } from './played.ts'

export interface CaptureOptions {
  readonly name: string
  readonly gateway?: string
  /** Milliseconds that one pass through the capture takes. Default: 4 minutes. */
  readonly passDuration?: number
}

const PACE_MS = 1_000
const DEFAULT_PASS_MS = 4 * 60_000
/** Silence after each of the two captures, in captured time. */
const PAUSE_MS = 30_000

/**
 * The bundled capture of a real gateway, played endlessly as if it happened now: its two captures one after the other,
 * time running faster so that they fit a pass, new connection ids in each pass.
 */
export function createCaptureSource(options: CaptureOptions, dependencies: RecordingDependencies): Source {
  const { clock, sleep = sleepUntilAborted } = dependencies
  const { gateway, passDuration = DEFAULT_PASS_MS } = options
  const lines = readCapturedLines()
  const captures = [lines.slice(0, SECOND_CAPTURE), lines.slice(SECOND_CAPTURE)].map(createMoment)
  return {
    name: options.name,
    kind: 'recording',
    durable: false,
    health: () => ({ up: true, backlog: 0 }),
    async *read({ signal }: SourceStart): AsyncIterable<Batch> {
      const begun = clock.now()
      const random = seededRandom(begun)
      let waiting: readonly PlayedLine[] = []
      let watermark = begun
      let number = 0
      for (let nextPass = begun; !signal.aborted; ) {
        const now = Math.max(watermark, clock.now())
        for (; nextPass <= now; nextPass += passDuration) {
          waiting = [...waiting, ...playPass(captures, nextPass, passDuration, random)]
        }
        const due = waiting.filter(line => line.time <= now)
        waiting = waiting.filter(line => line.time > now)
        watermark = now
        const known = gateway === undefined ? {} : { gateway }
        yield playedBatch(
          due.map(({ line }) => ({ id: `${begun}:${number++}`, body: line, ...known })),
          watermark,
        )
        await sleep(PACE_MS, signal)
      }
    },
  }
}

function playPass(
  captures: readonly Moment[],
  start: EpochMs,
  duration: number,
  random: Random,
): readonly PlayedLine[] {
  const pace = duration / captures.reduce((sum, capture) => sum + capture.duration + PAUSE_MS, 0)
  let passed = start
  return captures.flatMap(capture => {
    const from = passed
    passed += (capture.duration + PAUSE_MS) * pace
    return capture.play({ timeOf: captured => Math.floor(from + (captured - capture.begin) * pace), random })
  })
}
