import { type ExpectedPart, expectedPartsOf } from '../../../exporter/detection/model/series/expected-parts.ts'
import type { Explanation } from '../../../exporter/detection/model/series/score-result.ts'
import { createSeriesScorer } from '../../../exporter/detection/model/series/series-scorer.ts'
import { Random } from '../seccount/random.ts'
import { START } from '../seccount/series.ts'
import { area, frame, legend, line, type Panel, picture, span } from './panel.ts'

const SEED = 18
const DAY = 1440
const LEARNT_DAYS = 42
const DAYS = 7
/** A point of the picture. */
const STEP = 10
const DISPERSION = 0.1
/** Events a minute of people at their busiest. */
const BUSY = 6
const JOB = { at: 190, minutes: 8, events: 80 } as const
const HOURLY = { minute: 15, events: 12 } as const

/** Days of the week that is drawn, Monday first. */
const HOLIDAY = 2
const BUSY_DAY = 4
const BUSIER = 1.35
const CLOCK_CHANGE = 6
const GREY = '#6b7280'
/** Events a minute at the top of the axes. */
const TOP = 12

const parts: readonly { readonly part: ExpectedPart; readonly name: string; readonly colour: string }[] = [
  { part: 'people', name: 'people', colour: '#2563eb' },
  { part: 'hourly', name: 'minute of the hour', colour: '#059669' },
  { part: 'job', name: 'daily job', colour: '#d97706' },
]

/** True mean of a minute: people by the time and kind of day, a job at 03:10 UTC, work at minute 15 of each hour. */
function meanOf(minute: number): number {
  const day = Math.floor(minute / DAY)
  const drawn = day - LEARNT_DAYS
  const ofDay = minute % DAY
  const isQuiet = day % 7 >= 5 || drawn === HOLIDAY
  const local = ofDay + (drawn === CLOCK_CHANGE ? 60 : 0)
  const angle = (2 * Math.PI * (local - 13 * 60)) / DAY
  const people = BUSY * Math.exp(1.2 * (Math.cos(angle) - 1)) * (isQuiet ? 0.35 : 1) * (drawn === BUSY_DAY ? BUSIER : 1)
  const job = ofDay >= JOB.at && ofDay < JOB.at + JOB.minutes ? JOB.events / JOB.minutes : 0
  return people + Math.max(job, ofDay % 60 === HOURLY.minute ? HOURLY.events : 0)
}

function explained(): Explanation[] {
  const random = new Random(SEED)
  const scorer = createSeriesScorer({ series: 'picture' })
  const explanations: Explanation[] = []
  for (let minute = 0; minute < (LEARNT_DAYS + DAYS) * DAY; minute++) {
    scorer.step(START + 60 * minute, random.negativeBinomial(meanOf(minute), DISPERSION))
    if (minute >= LEARNT_DAYS * DAY) explanations.push(scorer.explain() as Explanation)
  }
  return explanations
}

/** A week of a seeded series: what was expected, part by part, and the level; with a holiday and a change of the clock. */
export function expectedWeek(): string {
  const minutes = explained()
  const x = { from: 0, to: minutes.length }
  const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
  const ticks = new Map(names.map((name, day) => [(day + 0.5) * DAY, name]))
  /** Mean of each ten minutes. */
  const at = (value: (minute: Explanation) => number) =>
    Array.from({ length: minutes.length / STEP }, (_, index) => {
      const of = minutes.slice(index * STEP, (index + 1) * STEP)
      return { x: (index + 0.5) * STEP, y: of.reduce((sum, minute) => sum + value(minute), 0) / STEP }
    })
  const counts: Panel = {
    top: 34,
    height: 150,
    title: 'events a minute and what was expected',
    x,
    y: { from: 0, to: TOP },
  }
  const split: Panel = { top: 248, height: 150, title: 'expected, by what brings it', x, y: { from: 0, to: TOP } }
  const level: Panel = { top: 462, height: 90, title: 'level of the last hours', x, y: { from: 0.5, to: 1.5 } }
  const marks = (panel: Panel) => [
    span(panel, HOLIDAY * DAY, (HOLIDAY + 1) * DAY, 'holiday', GREY),
    span(panel, BUSY_DAY * DAY, (BUSY_DAY + 1) * DAY, `${BUSIER} times as busy`, GREY),
    span(panel, CLOCK_CHANGE * DAY, (CLOCK_CHANGE + 1) * DAY, '1 h earlier', GREY),
  ]
  let below = at(() => 0)
  const stacked = parts.map(({ part, colour }) => {
    const own = at(minute => expectedPartsOf(minute)[part])
    const upper = own.map(({ x: minute, y }, index) => ({ x: minute, y: y + (below[index]?.y ?? 0) }))
    const shape = area(split, upper, below, colour, 0.75)
    below = upper
    return shape
  })
  return picture('A week of a series: what was expected, split in people, jobs and the level', 590, [
    frame(counts, ticks, [0, 4, 8, 12]),
    legend(counts, [
      ['observed', '#2563eb'],
      ['expected', '#d97706'],
    ]),
    ...marks(counts),
    line(
      counts,
      at(({ observed }) => observed),
      '#2563eb',
      0.8,
    ),
    line(
      counts,
      at(({ expected }) => expected),
      '#d97706',
      1.2,
    ),
    frame(split, ticks, [0, 4, 8, 12]),
    legend(
      split,
      parts.map(({ name, colour }) => [name, colour] as const),
    ),
    ...marks(split),
    ...stacked,
    frame(level, ticks, [0.5, 1, 1.5]),
    ...marks(level),
    line(
      level,
      at(({ expectation }) => expectation.level),
      '#7c3aed',
      1.4,
    ),
  ])
}
