/** Gives a surprise for each value in turn, from the values so far only. Any scale: the order of the surprises counts. */
export interface Detector {
  /** @param time seconds since 1970 */
  step(time: number, value: number): number
}

/** A detector of the comparison. */
export interface Contender {
  readonly name: string
  /** Made anew for every series. */
  create(): Detector
}
