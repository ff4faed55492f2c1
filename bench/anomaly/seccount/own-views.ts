import { BlockView } from '../../../exporter/detection/model/count/block-view.ts'
import { CountModel } from '../../../exporter/detection/model/count/count-model.ts'
import { fuseRaw } from '../../../exporter/detection/model/series/score.ts'
import { createSeriesScorer } from '../../../exporter/detection/model/series/series-scorer.ts'
import { ShapeFeed } from '../../../exporter/detection/model/series/shape-feed.ts'
import { ShapeScorer } from '../../../exporter/detection/model/shape/shape-scorer.ts'
import { Layout } from '../../../exporter/detection/model/state/layout.ts'
import { ScorerState } from '../../../exporter/detection/model/state/scorer-state.ts'
import type { Contender } from '../peers/detector.ts'

/** The scorer as it is shipped. */
export const clawtrust: Contender = {
  name: 'clawtrust',
  create: () => {
    const scorer = createSeriesScorer({ series: 'seccount' })
    return { step: (time, count, completeness) => scorer.step(time, count, completeness).raw }
  },
}

/** Surprises of the scorer's parts. */
interface Parts {
  readonly counts: number
  readonly silence: number
  readonly shape: number
  readonly block: number
}

interface Fusion {
  readonly name: string
  fuse(parts: Parts): number
}

const { max, min } = Math

const fusions: readonly Fusion[] = [
  { name: 'without count windows', fuse: ({ silence, shape, block }) => fuseRaw(silence, shape, block) },
  { name: 'without silence', fuse: ({ counts, shape, block }) => fuseRaw(counts, shape, block) },
  { name: 'without shape', fuse: ({ counts, silence, block }) => fuseRaw(max(counts, silence), 0, block) },
  { name: 'without block', fuse: ({ counts, silence, shape }) => fuseRaw(max(counts, silence), shape, 0) },
  { name: 'count and silence only', fuse: ({ counts, silence }) => max(counts, silence) },
  {
    name: 'basic: count, silence, some shape',
    fuse: ({ counts, silence, shape }) => max(counts, silence) + 0.25 * min(shape, 12),
  },
  { name: 'lite tier: block view only', fuse: ({ block }) => block },
]

const layout = new Layout()
const counts = new CountModel(layout)
const block = new BlockView(layout)
const shape = new ShapeScorer(layout)
const feed = new ShapeFeed(layout, shape)
layout.endRoom()

/** The scorer with a part taken out, and lesser combinations of its parts: what each part brings. */
export const variants: readonly Contender[] = fusions.map(({ name, fuse }) => ({
  name,
  create: () => {
    const state = new ScorerState(layout)
    let last: number | undefined
    return {
      step: (time, count, completeness) => {
        const missed = last === undefined ? 0 : (time - last) / 60 - 1
        if (missed > 0) {
          counts.skip(state, missed)
          block.skip(state, missed)
          feed.skip(state)
        }
        last = time
        const isComplete = completeness !== 'partial'
        let takesPart = true
        if (isComplete) counts.step(state, time, count)
        else takesPart = counts.stepPartial(state, time, count)
        const expected = takesPart ? counts.expected(state) : 0
        block.step(state, time / 60, takesPart ? count : 0, expected, counts.isWarm(state))
        feed.step(state, time, count, isComplete)
        if (!counts.isWarm(state)) return 0
        return fuse({
          counts: max(...counts.surprises(state)),
          silence: counts.silenceSurprise(state),
          shape: shape.raw(state),
          block: block.surprise(state),
        })
      },
    }
  },
}))
