import { RunningMaximum } from '../shape/running-maximum.ts'
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
  readonly #preset: AlertPreset
  readonly #maximum = new RunningMaximum()
  /** Bit per minute, newest lowest: the score reached `twice`. */
  #recent = 0
  #calm = 0
  active = false
  /** True in the minute in which a notice is due. */
  notify = false

  constructor(preset: AlertPreset) {
    this.#preset = preset
  }

  /** @param complete false for a minute that was observed in part */
  step(time: number, raw: number, score: number, complete: boolean): void {
    const record = this.#maximum.step(time, raw) > 0
    this.#recent = ((this.#recent << 1) | (score >= this.#preset.twice ? 1 : 0)) & LAST_THREE
    if (score >= this.#preset.leave) this.#calm = 0
    else if (complete) this.#calm++
    const entering = !this.active && (score >= this.#preset.enter || (this.#recent & (this.#recent - 1)) !== 0)
    if (entering) this.active = true
    else if (this.active && this.#calm >= REST_AFTER) this.active = false
    this.notify = entering || (this.active && record)
  }

  /** After a time that nobody saw, the old alert means nothing. */
  reset(): void {
    this.active = false
    this.notify = false
    this.#recent = 0
    this.#calm = 0
  }

  save(to: StateWriter): void {
    to.u32(this.#recent)
    to.u32(this.#calm)
    to.flag(this.active)
    to.flag(this.notify)
    this.#maximum.save(to)
  }

  load(from: StateReader): void {
    this.#recent = from.u32()
    this.#calm = from.u32()
    this.active = from.flag()
    this.notify = from.flag()
    this.#maximum.load(from)
  }
}
