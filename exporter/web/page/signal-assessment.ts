import { scoreSeverities } from '../../../core/score-severity.ts'
import type { MinuteView } from '../stats/zone-hour.ts'
import type { SignalView } from './model.ts'

/** How much attention a signal needs now, least first. `unknown` ranks above `normal`: missing data is not health. */
export const levels = ['none', 'normal', 'unknown', 'elevated', 'anomalous'] as const
export type Level = (typeof levels)[number]

/** The page's assessment of one signal's hour. */
export interface SignalAssessment {
  readonly level: Level
  /** True if the fixed-rate rule decides the level, and not a score. */
  readonly byRate: boolean
  /** Events of the known minutes. */
  readonly total: number
  /** Minutes that were not read. */
  readonly unknownMinutes: number
  /** Minutes whose count is a lower bound because records were lost. */
  readonly partialMinutes: number
  readonly peak?: MinuteView
  /** Usual events a minute; absent where there is nothing to compare with. */
  readonly usualRate?: number
}

const recentMinutes = 10
/** Known earlier minutes that are needed before they replace the missing usual rate. */
const enoughMinutes = 20

/**
 * The fixed-rate rule, until a series has a score, and beside the score in the first 12 hours after its first event,
 * because a score that rests on zeros alone is low for an attack: a level applies when the count reaches both the minimum number of
 * events and the multiple of the usual count. Alerts do not use it; they use scores and thresholds in Prometheus.
 */
export const rateLevels = [
  { level: 'anomalous', least: 10, times: 8 },
  { level: 'elevated', least: 5, times: 3 },
] as const

/** Level of a count by the fixed-rate rule; undefined when it is below every level. */
export function standsOut(count: number, expected: number): 'anomalous' | 'elevated' | undefined {
  return rateLevels.find(({ least, times }) => count >= least && count >= times * expected)?.level
}

/**
 * Level of the ten minutes around one minute, or of fewer at the ends: a single event is not an attack. A minute counts
 * with what was expected of it, so that a job is no attack either, and with the usual rate where that is not known.
 */
export function levelAround(
  { minutes, expected = [] }: Pick<SignalView, 'minutes' | 'expected'>,
  index: number,
  usualRate: number | undefined,
): 'anomalous' | 'elevated' | undefined {
  if (usualRate === undefined) return undefined
  const half = recentMinutes / 2
  const from = Math.max(0, index - half + 1)
  let events = 0
  let usual = 0
  minutes.slice(from, index + half + 1).forEach((minute, offset) => {
    if (!isKnown(minute)) return
    events += minute.count
    usual += expected[from + offset] ?? usualRate
  })
  return standsOut(events, usual)
}

export function assessSignal(signal: SignalView): SignalAssessment {
  const known = signal.minutes.filter(isKnown)
  const usualRate = usualRateOf(signal)
  const base = {
    total: sum(known),
    unknownMinutes: signal.minutes.length - known.length,
    partialMinutes: signal.minutes.filter(minute => minute.mark === 'partial').length,
    ...(usualRate === undefined ? {} : { usualRate }),
  }
  const peak = known.reduce<MinuteView | undefined>(
    (top, minute) => (minute.count > (top?.count ?? 0) ? minute : top),
    undefined,
  )
  return { ...base, ...(peak === undefined ? {} : { peak }), ...levelOf(signal, usualRate) }
}

export function isKnown(minute: MinuteView): boolean {
  return minute.mark !== 'unknown'
}

export function worstLevel(all: readonly Level[]): Level {
  return all.reduce((worst, level) => (levels.indexOf(level) > levels.indexOf(worst) ? level : worst), 'none')
}

type Decided = Pick<SignalAssessment, 'level' | 'byRate'>

function levelOf(signal: SignalView, usualRate: number | undefined): Decided {
  const recentKnown = signal.minutes.slice(-recentMinutes).filter(isKnown)
  const raised = signal.blindSpot === undefined ? raisedLevel(signal, recentKnown, usualRate) : undefined
  return raised ?? { level: ordinaryLevel(signal, recentKnown), byRate: false }
}

/** The level of a signal that is neither elevated nor anomalous. */
function ordinaryLevel(signal: SignalView, recentKnown: readonly MinuteView[]): Level {
  if (signal.blindSpot !== undefined) return 'unknown'
  const recent = signal.minutes.slice(-recentMinutes)
  if (recentKnown.length * 2 < recent.length || recent.length === 0) return 'unknown'
  if (signal.minutes.some(minute => isKnown(minute) && minute.count > 0)) return 'normal'
  return signal.minutes.every(isKnown) ? 'none' : 'unknown'
}

/**
 * The score decides where every gateway has one; a gateway without one, with a new one, or without minutes of its own,
 * is assessed by its rate.
 */
function raisedLevel(
  signal: SignalView,
  recent: readonly MinuteView[],
  usualRate: number | undefined,
): Decided | undefined {
  const { score, scoreAfter, isNew = false, shared } = signal
  const ofScore = score && scoreLevel(score)
  const areAllScored = score !== undefined && scoreAfter === undefined && shared === 0 && (!isNew || score.suppressed)
  const ofRate = areAllScored || ofScore === 'anomalous' ? undefined : rateLevel(signal, recent, usualRate)
  if (ofRate !== undefined && ofRate !== ofScore) return { level: ofRate, byRate: true }
  return ofScore && { level: ofScore, byRate: false }
}

function scoreLevel(score: NonNullable<SignalView['score']>): Level | undefined {
  if (score.suppressed) return undefined
  if (score.active) return 'anomalous'
  return score.value >= scoreSeverities.low ? 'elevated' : undefined
}

/** The newest minutes against the usual and, where the usual of an hour is known, the hour against it. */
function rateLevel(
  signal: SignalView,
  recent: readonly MinuteView[],
  usualRate: number | undefined,
): Level | undefined {
  if (usualRate === undefined) return undefined
  const now = standsOut(sum(recent), usualRate * recent.length)
  if (signal.usualPerHour === undefined) return now
  const known = signal.minutes.filter(isKnown)
  const hour = standsOut(sum(known), usualRate * known.length)
  return now === 'anomalous' || hour === undefined ? now : hour
}

function usualRateOf(signal: SignalView): number | undefined {
  if (signal.usualPerHour !== undefined) return signal.usualPerHour / 60
  const earlier = signal.minutes.slice(0, -recentMinutes).filter(isKnown)
  return earlier.length < enoughMinutes ? undefined : sum(earlier) / earlier.length
}

function sum(minutes: readonly MinuteView[]): number {
  return minutes.reduce((total, minute) => total + minute.count, 0)
}
