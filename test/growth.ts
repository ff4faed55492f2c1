/** Microseconds: so small a piece of work is not worth measuring. */
const LIMIT_US = 1_000
/** Four times the length takes four times as long where work is linear, and sixteen times as long where it is quadratic. */
const MAX_GROWTH = 8
const RUNS = 12
const ATTEMPTS = 3
/** Microseconds after which an attempt ends: work that takes longer needs no repetition to be measured. */
const ATTEMPT_US = 500_000

/**
 * Whether work blows up with the length of its input: it takes more than a millisecond, and more than eight times as long
 * as for a quarter of the length. Both lengths are measured by turns and the shortest run of each counts. What blows up
 * does so in every attempt, by the time of the processor for this thread, which a busy machine does not lengthen, and by the
 * clock: some kernels advance the processor's time by whole ticks, in which a short run takes none.
 */
export function blowsUp<Input>(
  inputOf: (length: number) => Input,
  work: (input: Input) => unknown,
  length: number,
): boolean {
  const [quarter, whole] = [inputOf(Math.ceil(length / 4)), inputOf(length)]
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const quarters: Cost[] = []
    const wholes: Cost[] = []
    const end = cpuTime() + ATTEMPT_US
    for (let run = 0; run < RUNS && (run === 0 || cpuTime() < end); run++) {
      wholes.push(costOf(() => work(whole)))
      if (shortest(wholes, 'cpu') <= LIMIT_US) return false
      quarters.push(costOf(() => work(quarter)))
    }
    const grows = (by: keyof Cost) => shortest(wholes, by) > MAX_GROWTH * shortest(quarters, by)
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
