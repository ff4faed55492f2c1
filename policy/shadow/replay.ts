import type { Decoded } from '../../decoding/dispatch.ts'
import { counted } from '../../service/page/words.ts'
import { lossGap } from './gaps.ts'
import type { FlowHistory } from './history.ts'
import { accessDecoders, flowDecoders, observationOf, REPLY } from './observe.ts'

/** Adds the records of one source to a history, one after the other. Pure. */
export class Replay {
  readonly #history: FlowHistory
  readonly #source: string
  readonly #lost = new Map<string, number>()
  #undecoded = 0

  constructor(history: FlowHistory, source: string) {
    this.#history = history
    this.#source = source
  }

  /** @param sample where the record is; made where it is needed */
  add(decoded: Decoded, sample: () => string): void {
    const { decoder, decoding, access } = decoded
    if (decoding.kind === 'undecoded') {
      this.#undecoded++
      return
    }
    const { since, until } = this.#history.window
    const { time } = decoding
    if (time < since || time >= until) return
    if (decoding.kind === 'telemetry_lost' && (flowDecoders.has(decoder) || accessDecoders.has(decoder))) {
      this.#lost.set(decoder, (this.#lost.get(decoder) ?? 0) + decoding.records)
    }
    if (access === undefined && !isOfFlow(decoded)) return
    this.#history.coverage.add(this.#source, time, 1)
    if (access === undefined && decoding.kind !== 'claim') return
    const events = decoding.kind === 'claim' ? decoding.claim.count : 1
    const observation = observationOf(decoded, { events, firstSeen: time, lastSeen: time, sample: sample() })
    if (observation !== undefined) this.#history.add(observation)
  }

  /** @param records that could not even be handed on */
  leaveOut(records: number): void {
    this.#undecoded += records
  }

  /** Declares what is missing. */
  end(): void {
    for (const [decoder, records] of this.#lost) this.#history.declare(lossGap(this.#source, decoder, records))
    if (this.#undecoded > 0) {
      this.#history.declare({
        kind: 'unread',
        sentence: `${this.#source} has ${counted(this.#undecoded, 'line')} in no format that is known, or incomplete; flows and accesses in them are not counted`,
      })
    }
    if (!this.#history.coverage.sources.includes(this.#source)) {
      this.#history.declare({ kind: 'empty', sentence: `${this.#source} has no flow and no access in the window` })
    }
  }
}

const isOfFlow = ({ decoder, decoding }: Decoded): boolean =>
  flowDecoders.has(decoder) &&
  (decoding.kind === 'claim' || (decoding.kind === 'no_signal' && decoding.template !== REPLY))
