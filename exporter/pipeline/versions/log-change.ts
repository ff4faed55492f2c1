import { DAY_MS, MINUTE_MS } from '../../../core/clock.ts'
import { probabilityOfExcess, type SeenMinutes } from './excess.ts'
import { MAX_TEMPLATES, type VersionMinutes } from './version-minutes.ts'

/** How the log of a version differs from that of the versions before it. */
export interface LogChange {
  /** Log templates that it writes and they did not, the first seen first. */
  readonly newTemplates: readonly string[]
  /** More of its minutes have undecoded records, and a signal that they brought is gone. */
  readonly hasMoreUndecoded: boolean
}

export const NO_CHANGE: LogChange = { newTemplates: [], hasMoreUndecoded: false }

/**
 * How often chance alone may find a difference between two versions that write the same: once in a thousand upgrades. All
 * comparisons of one upgrade share it (Bonferroni), one for each template that is remembered.
 */
const ERROR_RATE = 0.001
const PER_TEMPLATE = ERROR_RATE / MAX_TEMPLATES
/** Signals, by their number at most. */
const PER_SIGNAL = ERROR_RATE / 32
/** Fewest minutes: whatever happens within a few minutes is one incident, and says nothing of a version. */
const FEWEST = 5
/** Fewest minutes of earlier versions: an hour of their log does not have the lines of a day, and less has hardly any. */
const FEWEST_BEFORE = 60
/** A template that is not seen any more is gone: the log was corrected, or clawtrust decodes it now. */
const HOLDS_MINUTES = DAY_MS / MINUTE_MS

/**
 * Compares the minutes of a version with those of all versions before it. A client can cause lines, but not keep a gateway
 * from writing the others: in minutes in which templates were evicted, as in a flood of lines that are all different, any
 * template may have been seen before and none is new, unless a signal is gone too; and more undecoded minutes are a change
 * only together with one.
 *
 * @param now minutes since 1970
 */
export function changeOfLog(version: VersionMinutes, earlier: readonly VersionMinutes[], now: number): LogChange {
  const before = sum(earlier, ({ minutes }) => minutes)
  if (before < FEWEST_BEFORE || version.minutes < FEWEST) return NO_CHANGE
  const hasLostSignal = losesSignal(version, earlier, before)
  const hiddenBefore = hasLostSignal ? 0 : sum(earlier, ({ hiddenMinutes }) => hiddenMinutes)
  const hidden = hasLostSignal ? 0 : version.hiddenMinutes
  const newTemplates = version.templates.filter(
    ({ template, minutes, last }) =>
      minutes - hidden >= FEWEST &&
      now - last <= HOLDS_MINUTES &&
      !earlier.some(each => each.knowsTemplate(template)) &&
      isExcess(
        { seen: minutes - hidden, minutes: version.minutes },
        { seen: hiddenBefore, minutes: before },
        PER_TEMPLATE,
      ),
  )
  return {
    newTemplates: newTemplates.map(({ template }) => template),
    hasMoreUndecoded: hasLostSignal && hasMoreUndecoded(version, earlier, before),
  }
}

function hasMoreUndecoded({ undecoded }: VersionMinutes, earlier: readonly VersionMinutes[], before: number): boolean {
  const seen = sum(earlier, each => each.undecoded.seen)
  return undecoded.seen >= FEWEST && isExcess(undecoded, { seen, minutes: before }, ERROR_RATE)
}

/** Whether a signal that the versions before brought is gone. */
function losesSignal(version: VersionMinutes, earlier: readonly VersionMinutes[], before: number): boolean {
  const names = new Set(earlier.flatMap(({ signals }) => [...signals]))
  return [...names].some(signal => {
    if (version.minutesOfSignal(signal) > 0) return false
    const seen = sum(earlier, each => each.minutesOfSignal(signal))
    return seen >= FEWEST && isExcess({ seen, minutes: before }, { seen: 0, minutes: version.minutes }, PER_SIGNAL)
  })
}

const isExcess = (of: SeenMinutes, other: SeenMinutes, limit: number): boolean =>
  probabilityOfExcess(of, other) <= limit

const sum = (all: readonly VersionMinutes[], of: (one: VersionMinutes) => number): number =>
  all.reduce((total, one) => total + of(one), 0)
