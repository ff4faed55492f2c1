import { BlockView } from '../../../exporter/anomaly/count/block-view.ts'
import { CountModel } from '../../../exporter/anomaly/count/count-model.ts'
import { ShapeFeed } from '../../../exporter/anomaly/series/shape-feed.ts'
import { ShapeScorer } from '../../../exporter/anomaly/shape/shape-scorer.ts'
import type { Contender } from '../detector.ts'

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

/** Lesser combinations of the scorer's own parts, to see what each part brings. */
export const ownCombinations: readonly Contender[] = combinations.map(({ name, fuse }) => ({
  name,
  create: () => {
    const counts = new CountModel()
    const block = new BlockView()
    const shape = new ShapeScorer()
    const feed = new ShapeFeed(shape)
    return {
      step: (time, count) => {
        counts.step(time, count)
        block.step(time / 60, count, counts.expected, counts.warm)
        feed.step(time, count, true)
        return fuse(Math.max(counts.silenceSurprise, ...counts.surprises), shape.raw, block.surprise)
      },
    }
  },
}))
