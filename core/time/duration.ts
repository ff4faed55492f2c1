const UNITS = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const

const FORM = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/

/** Years and weeks are only used without a remainder, as in Prometheus: 8d stays 8d. */
const EXACT_ONLY: readonly string[] = ['y', 'w']

/** Milliseconds of a duration in Prometheus's format (`5m`, `1h30m`, `0`); undefined if the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  const found = FORM.exec(text)
  if (found === null || text === '') return undefined
  const ms = UNITS.reduce((sum, [, size], index) => sum + Number(found[index + 1] ?? 0) * size, 0)
  return Number.isSafeInteger(ms) ? ms : undefined
}

/** The shortest text that `parseDuration` reads as the same whole milliseconds. */
export function formatDuration(ms: number): string {
  let rest = ms
  let text = ''
  for (const [unit, size] of UNITS) {
    if (rest < size || (EXACT_ONLY.includes(unit) && rest % size !== 0)) continue
    text += `${Math.floor(rest / size)}${unit}`
    rest %= size
  }
  return text === '' ? '0s' : text
}

const LENGTH_UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const

/** A duration for people, in its largest unit, rounded down: `3 min`; for one that goes on, such as an age. */
export function span(milliseconds: number): string {
  const [size, unit] = LENGTH_UNITS.find(([size]) => milliseconds >= size) ?? []
  return size === undefined ? 'under 1 s' : `${Math.floor(milliseconds / size)} ${unit}`
}

/** What is left of a duration, for people, in its two largest units, rounded down: `3 h 59 min`. */
export function timeLeft(milliseconds: number): string {
  const largest = LENGTH_UNITS.findIndex(([size]) => milliseconds >= size)
  if (largest < 0) return span(milliseconds)
  let rest = milliseconds
  const parts = LENGTH_UNITS.slice(largest, largest + 2).map(([size, unit]) => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return count === 0 ? '' : `${count} ${unit}`
  })
  return parts.filter(Boolean).join(' ')
}

/** A duration for sentences, in whole minutes, from two hours on in hours of two digits: `1 minute`, `2.5 hours`. */
export function spelledOut(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000)
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`
  // Not a format that is made once: that would be at the start, of which it took a fiftieth.
  return `${(minutes / 60).toLocaleString('en-GB', { maximumSignificantDigits: 2 })} hours`
}

/** A duration for people, in the largest unit that divides it: `30 min`; a day is 24 h. */
export function lengthText(milliseconds: number): string {
  const fits = ([size]: (typeof LENGTH_UNITS)[number]) => milliseconds >= size && milliseconds % size === 0
  const [size, unit] = (milliseconds > LENGTH_UNITS[0][0] ? LENGTH_UNITS : LENGTH_UNITS.slice(1)).find(fits) ?? [
    1_000,
    's',
  ]
  return `${Math.round(milliseconds / size)} ${unit}`
}
