import { idOf } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { type Column, table } from '../../../../service/page/table.ts'
import { grouped, minuteTime, words } from '../../../../service/page/words.ts'
import type { MinuteView } from '../../stats/zone-hour.ts'
import type { RankedSignal } from '../ranking.ts'
import { isKnown } from '../signal-assessment.ts'

const rowMinutes = 5

/** The figures of a zone's charts, five minutes a row. */
export function countsTable(trustZone: string, signals: readonly RankedSignal[]): Html {
  const starts = signals[0]?.view.minutes.filter((_, index) => index % rowMinutes === 0).map(({ start }) => start) ?? []
  const columns: readonly Column<number>[] = [
    { head: 'from, UTC', rowHead: true, keep: true, cell: row => minuteTime(starts[row] as number) },
    ...signals.map(
      ({ view }): Column<number> => ({
        head: words(view.signal),
        align: 'number',
        cell: row => stretch(view.minutes.slice(row * rowMinutes, (row + 1) * rowMinutes)),
      }),
    ),
  ]
  const id = idOf('counts', trustZone)
  return html`<details id="${id}"><summary id="${id}-summary">Counts as a table</summary>${table(
    [...starts.keys()],
    columns,
    {
      caption: `Events of ${trustZone.slice(0, 64)} in the last hour, ${rowMinutes} minutes a row`,
      stacked: false,
    },
  )}</details>`
}

function stretch(minutes: readonly MinuteView[]): string {
  const known = minutes.filter(isKnown)
  if (known.length === 0) return 'unknown'
  const exact = known.length === minutes.length && known.every(({ mark }) => mark !== 'partial')
  return `${exact ? '' : 'at least '}${grouped(known.reduce((total, { count }) => total + count, 0))}`
}
