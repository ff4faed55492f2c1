import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { type Column, table } from '../../../../service/page/table.ts'
import { grouped, timestamp } from '../../../../service/page/words.ts'
import { severityMark } from '../marks.ts'
import type { FindingView, PostureView } from '../model.ts'

const columns: readonly Column<FindingView>[] = [
  { head: 'severity', cell: ({ severity }) => severityMark(severity) },
  { head: 'finding', rowHead: true, cell: what },
  {
    head: 'gateway',
    cell: ({ gateway, trustZone }) => html`${dataText(gateway)} <span class="sub">${dataText(trustZone)}</span>`,
  },
  { head: 'accepted', cell: acceptance },
]

/** Open findings of posture snapshots; absent where no snapshot is known. */
export function postureSection(posture: PostureView | undefined): Html {
  if (posture === undefined) return html`<div id="posture" data-live></div>`
  const { open, accepted, findings, unknown } = posture
  return html`<div id="posture" data-live><section aria-labelledby="posture-heading"><h2 id="posture-heading">Posture</h2><div class="panel">${unknown.map(
    ({ gateway, producer, time }) =>
      html`<p class="legend">The posture of ${dataText(gateway)} is unknown: the last snapshot of ${dataText(producer)} is of ${minute(time)} UTC.</p>`,
  )}${
    findings.length === 0
      ? html`<p class="empty">${unknown.length === 0 ? 'No findings are open.' : 'No findings are known.'}</p>`
      : html`${table(findings, columns, { caption: 'Open findings of posture snapshots, the most severe first' })}<p class="legend">${grouped(open)} open, ${grouped(accepted)} accepted.</p>`
  }</div></section></div>`
}

function what({ check, target, summary }: FindingView): Html {
  const subject = target === '' ? undefined : html` ${dataText(target, 80)}`
  return html`${dataText(check)}${subject} <span class="sub">${dataText(summary, 120)}</span>`
}

function acceptance({ accepted }: FindingView): Html {
  if (accepted === undefined) return html`<span class="muted">no</span>`
  return html`by ${dataText(accepted.who, 40)} until ${minute(accepted.until)} <span class="sub">${dataText(accepted.why, 120)}</span>`
}

const minute = (time: number) => timestamp(time).slice(0, 16).replace('T', ' ')
