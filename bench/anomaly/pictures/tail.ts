import { TailSketch } from '../../../exporter/detection/model/sketch/tail-sketch.ts'
import { Layout } from '../../../exporter/detection/model/state/layout.ts'
import { ScorerState } from '../../../exporter/detection/model/state/scorer-state.ts'
import { Random } from '../seccount/random.ts'
import { frame, legend, line, type Panel, picture } from './panel.ts'

const VALUES = 7000

/** Surprise of a value after 7,000 exponential ones: histogram, fitted tail, and the truth. */
export function tailPicture(): string {
  const random = new Random(1)
  const layout = new Layout()
  const plain = new TailSketch(layout, 1)
  const habituated = new TailSketch(layout, 3)
  layout.endRoom()
  const state = new ScorerState(layout)
  for (let i = 0; i < VALUES; i++) {
    const value = -Math.log(1 - random.uniform())
    plain.step(state, value)
    habituated.step(state, value)
  }
  const panel: Panel = {
    top: 34,
    height: 250,
    title: 'surprise A of a value, by its size (exponential values)',
    x: { from: 0, to: 15 },
    y: { from: 0, to: 7 },
  }
  const values = Array.from({ length: 301 }, (_, i) => i / 20)
  const curve = (surprise: (value: number) => number) => values.map(x => ({ x, y: surprise(x) }))
  return picture('Surprise of a value by its size: the sketch against the true tail', 320, [
    frame(panel, new Map([0, 5, 10, 15].map(tick => [tick, `${tick}`])), [0, 2, 4, 6]),
    legend(panel, [
      ['habituated (3 times)', '#d97706'],
      ['sketch', '#2563eb'],
      ['true', '#6b7280'],
    ]),
    line(
      panel,
      curve(value => value / Math.LN10),
      '#6b7280',
      1,
    ),
    line(
      panel,
      curve(value => plain.score(state, value)),
      '#2563eb',
      1.6,
    ),
    line(
      panel,
      curve(value => habituated.score(state, value)),
      '#d97706',
      1.6,
    ),
  ])
}
