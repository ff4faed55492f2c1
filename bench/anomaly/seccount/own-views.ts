import { anomalyConstants } from '../../../exporter/detection/model/constants.ts'
import { CountModel } from '../../../exporter/detection/model/count/count-model.ts'
import { type ProfilePart, profileParts } from '../../../exporter/detection/model/profile/profile.ts'
import { medianShape } from '../../../exporter/detection/model/profile/rhythm.ts'
import { createSeriesScorer, type SeriesScorer } from '../../../exporter/detection/model/series/series-scorer.ts'
import { Layout } from '../../../exporter/detection/model/state/layout.ts'
import { ScorerState } from '../../../exporter/detection/model/state/scorer-state.ts'
import type { Contender, Detector } from '../peers/detector.ts'

/** The scorer as it is shipped; a gateway that joins a zone begins with what the others have learnt. */
export const clawtrust: Contender = {
  name: 'clawtrust',
  create: () => detectorOf(createSeriesScorer({ series: 'seccount' })),
  createZone: gateways => {
    const scorers = Array.from({ length: gateways }, (_, at) => createSeriesScorer({ series: `seccount-${at}` }))
    return scorers.map(scorer => {
      const detector = detectorOf(scorer)
      return {
        step: (time, count, completeness) => {
          const shape = scorer.lastMinute === undefined ? shapeOf(scorers) : undefined
          if (shape !== undefined) scorer.beginWith(shape)
          return detector.step(time, count, completeness)
        },
      }
    })
  },
}

/** Surprises of the scorer's views. */
interface Views {
  /** Of each window, in the order of the widths. */
  readonly windows: readonly number[]
  readonly shortfall: number
  readonly silence: number
}

const widths = anomalyConstants.count.windows
const { max } = Math
const largest = ({ windows, shortfall, silence }: Views) => max(...windows, shortfall, silence)
const from = (shortest: number) => (views: Views) =>
  largest({ ...views, windows: views.windows.filter((_, at) => (widths[at] as number) >= shortest) })

/** The scorer with a part taken out: what each part brings. */
export const variants: readonly Contender[] = [
  { name: 'without the shape of the zone', create: clawtrust.create },
  ...profileParts.map(part => variant(`without ${part.replace('_', ' ')}`, largest, part)),
  variant('without guard', largest, 'guard'),
  variant('without count windows', ({ shortfall, silence }) => max(shortfall, silence)),
  variant('without windows of 4 and 8 min', from(12)),
  variant('without windows above 3 h', views => largest({ ...views, windows: views.windows.slice(0, -2) })),
  variant('without shortfall', views => largest({ ...views, shortfall: 0 })),
  variant('without silence', views => largest({ ...views, silence: 0 })),
]

function variant(name: string, fuse: (views: Views) => number, without?: ProfilePart | 'guard'): Contender {
  const layout = new Layout()
  const counts = new CountModel(layout, without)
  layout.endRoom()
  return {
    name,
    create: () => {
      const state = new ScorerState(layout)
      let last: number | undefined
      return {
        step: (time, count, completeness) => {
          const missed = last === undefined ? 0 : (time - last) / 60 - 1
          if (missed > 0) counts.skip(state, time, missed)
          last = time
          if (completeness === 'partial') counts.stepPartial(state, time, count)
          else counts.step(state, time, count)
          if (!counts.isWarm(state)) return 0
          return fuse({
            windows: [...counts.surprises(state)],
            shortfall: counts.shortfall(state),
            silence: counts.silenceSurprise(state),
          })
        },
      }
    },
  }
}

function detectorOf(scorer: SeriesScorer): Detector {
  return { step: (time, count, completeness) => scorer.step(time, count, completeness).raw }
}

function shapeOf(scorers: readonly SeriesScorer[]) {
  return medianShape(scorers.map(scorer => scorer.shape()).filter(shape => shape !== undefined))
}
