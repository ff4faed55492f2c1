/** Microseconds: so small a piece of work is not worth measuring. */
const LIMIT_US = 1_000
/** The longer input by the shorter one. */
const TIMES_LONGER = 8
/**
 * How much longer the longer input takes than the shorter one as many times: as long where work is linear, 8 times as long
 * where it is quadratic.
 */
const MAX_GROWTH = 3
const ROUNDS = 12
const ATTEMPTS = 3
/** Microseconds after which an attempt ends: work that takes longer needs no repetition to be measured. */
const ATTEMPT_US = 500_000

/**
 * Whether work blows up with the length of its input: it takes more than a millisecond, and more than three times as long
 * as an eighth of the length takes eight times. Both are measured by turns, and summed: in pieces of about the same length,
 * so that what a busy machine adds is about the same. What blows up does so in every attempt, by the time of the processor
 * for this thread and by the clock: some kernels advance the processor's time by whole ticks, in which a short run may take
 * none.
 */
export function blowsUp<Input>(
  inputOf: (length: number) => Input,
  work: (input: Input) => unknown,
  length: number,
): boolean {
  const [shorter, longer] = [inputOf(Math.ceil(length / TIMES_LONGER)), inputOf(length)]
  const repeated = () => {
    for (let time = 0; time < TIMES_LONGER; time++) work(shorter)
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const [ofShorter, ofLonger] = [new Cost(), new Cost()]
    for (let round = 0; round < ROUNDS && ofLonger.cpu + ofShorter.cpu < ATTEMPT_US; round++) {
      ofLonger.add(() => work(longer))
      if (ofLonger.shortest <= LIMIT_US) return false
      ofShorter.add(repeated)
    }
    const grows = (by: 'cpu' | 'clock') => ofLonger[by] > MAX_GROWTH * ofShorter[by]
    if (!grows('cpu') || !grows('clock')) return false
  }
  return true
}

/** Microseconds. */
class Cost {
  cpu = 0
  clock = 0
  /** The shortest run, by the clock. */
  shortest = Number.POSITIVE_INFINITY

  add(work: () => void): void {
    const start = { cpu: cpuTime(), clock: performance.now() }
    work()
    const clock = 1_000 * (performance.now() - start.clock)
    this.cpu += cpuTime() - start.cpu
    this.clock += clock
    this.shortest = Math.min(this.shortest, clock)
  }
}

function cpuTime(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}
