import { systemClock } from '../../../../core/clock.ts'
import type { Batch, Source } from '../../../../exporter/contracts/source.ts'
import type { IntakeOptions } from '../../../../exporter/sources/otlp/intake.ts'
import { loadMessages } from '../../../../exporter/sources/otlp/messages.ts'
import { createOtlpSource, type OtlpSourceDependencies } from '../../../../exporter/sources/otlp/source.ts'
import { sleepUntilAborted } from '../../../../service/event-loop/sleep.ts'
import type { Json } from '../../../../service/state/state.ts'

const messages = await loadMessages()

export const options: IntakeOptions = { name: 'senders', lateness: 60_000, horizon: 3_600_000 }

/** A source that is read, and whose commits a test makes: what is not committed is lost with `kill`. */
export class Receiving {
  readonly source: Source
  /** What the state holds: it outlives the process. */
  readonly state: Map<string, Json>
  readonly committedIds: string[]
  readonly batches: Batch[] = []
  readonly #abort = new AbortController()
  readonly #uncommitted: Batch[] = []
  #waiting: (() => void)[] = []
  readonly #reading: Promise<void>

  constructor(before?: Pick<Receiving, 'state' | 'committedIds'>, more: Partial<OtlpSourceDependencies> = {}) {
    this.state = before?.state ?? new Map()
    this.committedIds = before?.committedIds ?? []
    const dependencies = {
      messages,
      clock: systemClock,
      logger: { error() {} },
      sleep: sleepUntilAborted,
      randomBytes: Buffer.alloc,
    }
    this.source = createOtlpSource(options, { ...dependencies, ...more })
    this.#reading = this.#read()
  }

  /** Everything that was read so far is in the state. */
  commit(): void {
    for (const { cursor, records } of this.#uncommitted.splice(0)) {
      for (const { key, value } of cursor) {
        if (value === null) this.state.delete(key)
        else this.state.set(key, value)
      }
      this.committedIds.push(...records.map(({ id }) => id))
    }
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Resolves when a receipt of the source waits for a commit. */
  async untilAwaited(): Promise<void> {
    while (this.#waiting.length === 0) await new Promise(resolve => setImmediate(resolve))
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    for (const resolve of this.#waiting.splice(0)) resolve()
    await this.#reading
  }

  get records() {
    return this.batches.flatMap(({ records }) => records)
  }

  async #read(): Promise<void> {
    const committed = () => new Promise<void>(resolve => this.#waiting.push(resolve))
    const start = { cursor: new Map(this.state), signal: this.#abort.signal, committed }
    for await (const batch of this.source.read(start)) {
      this.batches.push(batch)
      this.#uncommitted.push(batch)
      await new Promise(resolve => setImmediate(resolve))
    }
  }
}
