import type { Detector } from './detector.ts'

/** What a rule-based peer holds for normal. */
export interface Band {
  readonly level: number
  readonly middle: number
  readonly lower: number
  readonly upper: number
}

/** A peer that draws a band around each minute; undefined where it says nothing. */
export interface BandRule {
  step(value: number): Band | undefined
}

/** How far the level is out of the middle, as a part of the way to the band's edge: above 1 it is outside. */
export class BandDistance implements Detector {
  readonly #rule: BandRule

  constructor(rule: BandRule) {
    this.#rule = rule
  }

  step(_time: number, value: number): number {
    const band = this.#rule.step(value)
    if (band === undefined) return 0
    const { level, middle, lower, upper } = band
    const width = level > middle ? upper - middle : middle - lower
    return width > 0 ? Math.abs(level - middle) / width : 0
  }

  /** Keeps the distances of a day and a week right: the rules drop zeros as if they were absent. */
  skip(time: number): void {
    this.step(time, 0)
  }
}

/** The rule as published: an alert fires when the level has been outside the band for five minutes. 1 while it fires. */
export class BandAlert implements Detector {
  readonly #distance: BandDistance
  readonly #for: number
  #outside = 0

  /** @param minutes of the rule's `for` */
  constructor(rule: BandRule, minutes: number) {
    this.#distance = new BandDistance(rule)
    this.#for = minutes
  }

  step(time: number, value: number): number {
    this.#outside = this.#distance.step(time, value) > 1 ? this.#outside + 1 : 0
    return this.#outside > this.#for ? 1 : 0
  }

  skip(time: number): void {
    this.step(time, 0)
  }
}
