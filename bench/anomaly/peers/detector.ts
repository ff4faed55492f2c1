import type { Completeness } from '../../../exporter/contracts/subscriber.ts'

/** Gives a surprise for each value in turn, from the values so far only. Any scale: the order of the surprises counts. */
export interface Detector {
  /**
   * @param time seconds since 1970
   * @param completeness of a `partial` minute the value is a lower bound; a detector may ignore it
   */
  step(time: number, value: number, completeness?: Completeness): number
  /** A value that is absent. Without it, a detector sees the gap only in the time of the next value. */
  skip?(time: number): void
}

/** A detector of the comparison, or a variant of one, for instance with a part taken out. */
export interface Contender {
  readonly name: string
  /** A new one for every series. */
  create(): Detector
  /**
   * One detector for each gateway of a zone, where they share what they learn. They are stepped minute by minute, in
   * order; one whose gateway is not there yet is left out, one whose minute is missing is skipped. Default: `create` for
   * each.
   */
  createZone?(gateways: number): readonly Detector[]
}
