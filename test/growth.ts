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
 * as for a quarter of the length. Time is that of the processor for this thread, both lengths are measured by turns and the
 * shortest run of each counts, so that a slow machine slows down both alike and a busy one neither. What blows up does so
 * in every attempt.
 */
export function blowsUp<Input>(
  inputOf: (length: number) => Input,
  work: (input: Input) => unknown,
  length: number,
): boolean {
  const [quarter, whole] = [inputOf(Math.ceil(length / 4)), inputOf(length)]
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const shortest = { quarter: Number.POSITIVE_INFINITY, whole: Number.POSITIVE_INFINITY }
    const end = cpuTime() + ATTEMPT_US
    for (let run = 0; run < RUNS && (run === 0 || cpuTime() < end); run++) {
      shortest.whole = Math.min(
        shortest.whole,
        costOf(() => work(whole)),
      )
      if (shortest.whole <= LIMIT_US) return false
      shortest.quarter = Math.min(
        shortest.quarter,
        costOf(() => work(quarter)),
      )
    }
    if (shortest.whole <= MAX_GROWTH * shortest.quarter) return false
  }
  return true
}

function costOf(work: () => unknown): number {
  const start = cpuTime()
  work()
  return cpuTime() - start
}

function cpuTime(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}
