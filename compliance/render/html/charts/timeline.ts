import { type Html, html } from '../../../../service/page/html.ts'
import { counted } from '../../../../service/page/words.ts'
import type { ReportGap, ReportPeriod } from '../../../model/report.ts'
import { percent, timeOf } from '../elements/words.ts'
import { field, round } from './textured.ts'

const WIDTH = 400
const HEIGHT = 16
/** So that a gap of minutes in a quarter is seen. */
const LEAST = 1.5
/** More gaps than these are not distinguishable at this width. */
const MOST_GAPS = 200

export interface TimelineRow {
  readonly name: string
  /** Without evidence of its own the line is not drawn as observed. */
  readonly state: 'seen' | 'gaps' | 'never' | 'unknown'
  readonly share: number | null
  readonly gaps: readonly ReportGap[]
}

/** The period as a line: solid where it was observed, hatched where it was not, dashed where nothing tells. */
export function timeline({ name, state, share, gaps }: TimelineRow, period: ReportPeriod): Html {
  const drawn = state === 'never' ? [{ from: 0, length: WIDTH }] : spansOf(gaps, period)
  const base = state === 'unknown' ? html`<path class="not-known" d="M0 ${HEIGHT / 2}h${WIDTH}"/>` : observed(state)
  return html`<svg class="timeline" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" focusable="false"><title>${name}: ${spoken(state, share, gaps.length)}</title>${base}${drawn.map(
    ({ from, length }) => field('gap', { x: from, y: 1, width: length, height: HEIGHT - 2 }),
  )}</svg>`
}

const observed = (state: TimelineRow['state']): Html | undefined =>
  state === 'never' ? undefined : html`<rect class="observed" x="0" y="4" width="${WIDTH}" height="${HEIGHT - 8}"/>`

function spansOf(gaps: readonly ReportGap[], { start, end }: ReportPeriod) {
  const first = timeOf(start)
  const length = timeOf(end) - first
  const place = (iso: string) => Math.min(1, Math.max(0, (timeOf(iso) - first) / length)) * WIDTH
  return gaps.slice(0, MOST_GAPS).flatMap(gap => {
    const from = round(place(gap.start))
    const to = place(gap.end)
    // A time that is none, or outside of the period.
    if (!(to > from) || !(length > 0)) return []
    return [{ from: Math.min(from, WIDTH - LEAST), length: Math.max(LEAST, round(to - from)) }]
  })
}

function spoken(state: TimelineRow['state'], share: number | null, gaps: number): string {
  if (state === 'never') return 'never seen in the period'
  if (state === 'unknown') return 'nothing shows whether it was observed'
  return `${percent(share)} of the period observed, ${gaps === 0 ? 'no gap' : counted(gaps, 'gap')}`
}
