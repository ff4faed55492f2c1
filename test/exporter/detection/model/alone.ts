import { Layout } from '../../../../exporter/detection/model/state/layout.ts'
import { ScorerState } from '../../../../exporter/detection/model/state/scorer-state.ts'

/** A part of a scorer by itself, and a state in which nothing was seen. */
export interface Alone<Part> {
  readonly part: Part
  readonly state: ScorerState
}

/** Makes a part that adds no pieces to its layout. */
export function alone<Part>(create: (layout: Layout) => Part): Alone<Part> {
  const layout = new Layout()
  const part = create(layout)
  layout.endRoom()
  return { part, state: new ScorerState(layout) }
}
