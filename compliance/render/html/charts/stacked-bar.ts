import { type ControlStatus, controlStatuses } from '../../../../core/labels/compliance.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { statuses } from '../elements/status.ts'
import { field, round } from './textured.ts'

export type StatusCounts = Readonly<Record<ControlStatus, number>>

export const totalOf = (counts: StatusCounts): number =>
  controlStatuses.reduce((sum, status) => sum + counts[status], 0)

/** `3 pass, 1 fail`; `no controls`. */
export function countsInWords(counts: StatusCounts): string {
  const words = controlStatuses
    .filter(status => counts[status] > 0)
    .map(status => `${counts[status]} ${statuses[status].word.toLowerCase()}`)
  return words.length === 0 ? 'no controls' : words.join(', ')
}

/** Lengths of the parts of a bar, rounded so that the same counts give the same text everywhere. */
export function partsOf(counts: StatusCounts, length: number, top: number) {
  let at = 0
  return controlStatuses.flatMap(status => {
    const start = at
    at += counts[status]
    const from = round((start / Math.max(1, top)) * length)
    const to = round((at / Math.max(1, top)) * length)
    return counts[status] === 0 ? [] : [{ status, from, length: round(to - from) }]
  })
}

const WIDTH = 300
const HEIGHT = 22

/** A horizontal bar whose length is the number of controls; `top` is that of the longest. */
export function stackedBar(name: string, counts: StatusCounts, top: number): Html {
  return html`<svg class="stacked-bar" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" focusable="false"><title>${name}: ${countsInWords(counts)}</title><path class="axis" d="M.5 0v${HEIGHT}"/>${partsOf(
    counts,
    WIDTH - 1,
    top,
  ).map(({ status, from, length }) =>
    field(status, { x: round(from + 0.5), y: 1, width: length, height: HEIGHT - 2 }),
  )}</svg>`
}
