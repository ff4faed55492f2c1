import { scoreSeverities } from '../../core/score-severity.ts'
import type { MinuteView, SignalView } from './model.ts'

/** How much a signal asks for attention now, calmest first. `unknown` is above `steady`: not knowing is not health. */
export const levels = ['quiet', 'steady', 'unknown', 'raised', 'strange'] as const
export type Level = (typeof levels)[number]

/** What the page reads out of one signal's hour. */
export interface Reading {
  readonly level: Level
  /** Events of the known minutes. */
  readonly total: number
  /** Minutes of which nothing is known. */
  readonly unknownMinutes: number
  /** Minutes whose count is a lower bound because records were lost. */
  readonly partialMinutes: number
  readonly peak?: MinuteView
  /** Events a minute that are usual here; absent where there is nothing to compare with. */
  readonly usualRate?: number
}

const recentMinutes = 10
/** So many earlier minutes must be known before they may stand in for a history that is not there yet. */
const enoughMinutes = 20

/**
 * Without a score: a level holds when the count reaches both its least number of events and so many times the usual.
 * Plain rules for the eye; alerts rest on scores and thresholds in Prometheus.
 */
export const rateLevels = [
  { level: 'strange', least: 10, times: 8 },
  { level: 'raised', least: 5, times: 3 },
] as const

/** Level of a count of which `expected` would be usual; undefined when nothing stands out. */
export function standsOut(count: number, expected: number): 'strange' | 'raised' | undefined {
  return rateLevels.find(({ least, times }) => count >= least && count >= times * expected)?.level
}

/** Level of the ten minutes around one minute, or of fewer at the ends: a lone event is no attack. */
export function levelAround(
  minutes: readonly MinuteView[],
  index: number,
  usualRate: number | undefined,
): 'strange' | 'raised' | undefined {
  if (usualRate === undefined) return undefined
  const half = recentMinutes / 2
  const around = minutes.slice(Math.max(0, index - half + 1), index + half + 1).filter(isKnown)
  return standsOut(sum(around), usualRate * around.length)
}

export function readSignal(signal: SignalView): Reading {
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
  return { ...base, ...(peak === undefined ? {} : { peak }), level: levelOf(signal, usualRate) }
}

export function isKnown(minute: MinuteView): boolean {
  return minute.mark !== 'unknown'
}

export function worstLevel(all: readonly Level[]): Level {
  return all.reduce((worst, level) => (levels.indexOf(level) > levels.indexOf(worst) ? level : worst), 'quiet')
}

function levelOf(signal: SignalView, usualRate: number | undefined): Level {
  if (signal.blindSpot !== undefined) return 'unknown'
  const recent = signal.minutes.slice(-recentMinutes)
  const recentKnown = recent.filter(isKnown)
  const loud = loudest(signal, recentKnown, usualRate)
  if (loud !== undefined) return loud
  if (recentKnown.length * 2 < recent.length || recent.length === 0) return 'unknown'
  if (signal.minutes.some(minute => isKnown(minute) && minute.count > 0)) return 'steady'
  return signal.minutes.every(isKnown) ? 'quiet' : 'unknown'
}

/** The score decides where every gateway has one; a gateway without one, or without minutes of its own, is judged by its rate. */
function loudest(signal: SignalView, recent: readonly MinuteView[], usualRate: number | undefined): Level | undefined {
  const { score, scoreAfter, shared } = signal
  const byScore = score && scoreLevel(score)
  if (score !== undefined && scoreAfter === undefined && shared === 0) return byScore
  const byRate = loudness(signal, recent, usualRate)
  return byScore === 'strange' || byRate === undefined ? byScore : byRate
}

function scoreLevel(score: NonNullable<SignalView['score']>): Level | undefined {
  if (score.excused) return undefined
  if (score.active) return 'strange'
  return score.value >= scoreSeverities.low ? 'raised' : undefined
}

/** The newest minutes against the usual; and, where history tells what an hour usually brings, the hour against it. */
function loudness(signal: SignalView, recent: readonly MinuteView[], usualRate: number | undefined): Level | undefined {
  if (usualRate === undefined) return undefined
  const now = standsOut(sum(recent), usualRate * recent.length)
  if (signal.usualPerHour === undefined) return now
  const known = signal.minutes.filter(isKnown)
  const hour = standsOut(sum(known), usualRate * known.length)
  return now === 'strange' || hour === undefined ? now : hour
}

function usualRateOf(signal: SignalView): number | undefined {
  if (signal.usualPerHour !== undefined) return signal.usualPerHour / 60
  const earlier = signal.minutes.slice(0, -recentMinutes).filter(isKnown)
  return earlier.length < enoughMinutes ? undefined : sum(earlier) / earlier.length
}

function sum(minutes: readonly MinuteView[]): number {
  return minutes.reduce((total, minute) => total + minute.count, 0)
}
