import { BlockView } from '../../../exporter/detection/model/count/block-view.ts'
import { CountModel } from '../../../exporter/detection/model/count/count-model.ts'
import { ShapeFeed } from '../../../exporter/detection/model/series/shape-feed.ts'
import { ShapeScorer } from '../../../exporter/detection/model/shape/shape-scorer.ts'
import { Layout } from '../../../exporter/detection/model/state/layout.ts'
import { ScorerState } from '../../../exporter/detection/model/state/scorer-state.ts'
import type { Contender } from '../peers/detector.ts'

/** How the parts of the scorer are put together. */
interface Combination {
  readonly name: string
  fuse(leading: number, shape: number, block: number): number
}

const combinations: readonly Combination[] = [
  { name: 'basic: count, silence, some shape', fuse: (leading, shape) => leading + 0.25 * Math.min(shape, 12) },
  { name: 'count and silence only', fuse: leading => leading },
  { name: 'lite tier: block view only', fuse: (_leading, _shape, block) => block },
]

const layout = new Layout()
const counts = new CountModel(layout)
const block = new BlockView(layout)
const shape = new ShapeScorer(layout)
const feed = new ShapeFeed(layout, shape)
layout.endRoom()

/** Lesser combinations of the scorer's own parts, to see what each part brings. */
export const ownCombinations: readonly Contender[] = combinations.map(({ name, fuse }) => ({
  name,
  create: () => {
    const state = new ScorerState(layout)
    return {
      step: (time, count) => {
        counts.step(state, time, count)
        block.step(state, time / 60, count, counts.expected(state), counts.isWarm(state))
        feed.step(state, time, count, true)
        return fuse(counts.largestSurprise(state), shape.raw(state), block.surprise(state))
      },
    }
  },
}))
