import { RunningMaximum } from '../shape/running-maximum.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import type { AlertPreset } from './alert-presets.ts'

const REST_AFTER = 15
const LAST_THREE = 0b111

/**
 * Whether a series is active, with hysteresis: enters at `enter`, or when 2 of the last 3 scores reach `twice`; leaves
 * after 15 scores in a row below `leave`. While active a renewed notice is due only at a strict maximum of raw over the
 * last 16 hours. A minute that was observed in part may raise, but it never calms: unknown is not calm.
 */
export class AlertState {
  readonly #maximum = new RunningMaximum()
  /** Bit per minute, newest lowest: the score reached `twice`. */
  readonly #recent: number
  readonly #minutesBelow: number
  readonly #active: number
  readonly #notify: number

  constructor(layout: Layout) {
    this.#recent = layout.wholes()
    this.#minutesBelow = layout.numbers()
    this.#active = layout.wholes()
    this.#notify = layout.wholes()
  }

  active({ wholes }: ScorerState): boolean {
    return wholes[this.#active] === 1
  }

  /** True in the minute in which a notice is due. */
  notify({ wholes }: ScorerState): boolean {
    return wholes[this.#notify] === 1
  }

  /** @param complete false for a minute that was observed in part */
  step(state: ScorerState, preset: AlertPreset, time: number, raw: number, score: number, complete: boolean): void {
    const { wholes } = state
    const record = this.#maximum.step(state, time, raw) > 0
    const recent = (((wholes[this.#recent] as number) << 1) | (score >= preset.twice ? 1 : 0)) & LAST_THREE
    wholes[this.#recent] = recent
    if (score >= preset.leave) state.set(this.#minutesBelow, 0)
    else if (complete) state.add(this.#minutesBelow, 1)
    const wasActive = this.active(state)
    const entering = !wasActive && (score >= preset.enter || (recent & (recent - 1)) !== 0)
    const isActive = entering || (wasActive && state.get(this.#minutesBelow) < REST_AFTER)
    wholes[this.#active] = isActive ? 1 : 0
    wholes[this.#notify] = entering || (isActive && record) ? 1 : 0
  }

  /** After a time that was not observed, the old alert means nothing. */
  reset(state: ScorerState): void {
    for (const place of [this.#recent, this.#active, this.#notify]) state.wholes[place] = 0
    state.set(this.#minutesBelow, 0)
  }

  save(state: ScorerState, to: StateWriter): void {
    to.u32(state.wholes[this.#recent] as number)
    to.u32(state.get(this.#minutesBelow))
    to.flag(this.active(state))
    to.flag(this.notify(state))
    this.#maximum.save(state, to)
  }

  load(state: ScorerState, from: StateReader): void {
    state.wholes[this.#recent] = from.u32()
    state.set(this.#minutesBelow, from.u32())
    state.wholes[this.#active] = from.flag() ? 1 : 0
    state.wholes[this.#notify] = from.flag() ? 1 : 0
    this.#maximum.load(state, from)
  }
}
