/** Microseconds: so small a piece of work is not worth measuring. */
const LIMIT_US = 1_000
/** The longer input by the shorter one. */
const TIMES_LONGER = 8
/**
 * Linear work takes 8 times as long for the longer input, more where that does not fit into the caches of a busy machine;
 * quadratic work takes 64 times as long.
 */
const MAX_GROWTH = 24
const RUNS = 12
const ATTEMPTS = 3
/** Microseconds after which an attempt ends: work that takes longer needs no repetition to be measured. */
const ATTEMPT_US = 500_000

/**
 * Whether work blows up with the length of its input: it takes more than a millisecond, and far more than eight times as
 * long as for an eighth of the length. Both lengths are measured by turns and the shortest run of each counts. What blows
 * up does so in every attempt, by the time of the processor for this thread, which a busy machine does not lengthen, and by
 * the clock: some kernels advance the processor's time by whole ticks, in which a short run takes none.
 */
export function blowsUp<Input>(
  inputOf: (length: number) => Input,
  work: (input: Input) => unknown,
  length: number,
): boolean {
  const [shorter, longer] = [inputOf(Math.ceil(length / TIMES_LONGER)), inputOf(length)]
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const ofShorter: Cost[] = []
    const ofLonger: Cost[] = []
    const end = cpuTime() + ATTEMPT_US
    for (let run = 0; run < RUNS && (run === 0 || cpuTime() < end); run++) {
      ofLonger.push(costOf(() => work(longer)))
      if (shortest(ofLonger, 'cpu') <= LIMIT_US) return false
      ofShorter.push(costOf(() => work(shorter)))
    }
    const grows = (by: keyof Cost) => shortest(ofLonger, by) > MAX_GROWTH * shortest(ofShorter, by)
    if (!grows('cpu') || !grows('clock')) return false
  }
  return true
}

/** Microseconds. */
interface Cost {
  readonly cpu: number
  readonly clock: number
}

const shortest = (runs: readonly Cost[], by: keyof Cost): number => Math.min(...runs.map(run => run[by]))

function costOf(work: () => unknown): Cost {
  const start = { cpu: cpuTime(), clock: performance.now() }
  work()
  return { cpu: cpuTime() - start.cpu, clock: 1_000 * (performance.now() - start.clock) }
}

function cpuTime(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}
