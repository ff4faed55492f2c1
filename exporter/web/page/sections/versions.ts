import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { type Column, table } from '../../../../service/page/table.ts'
import { grouped, when } from '../../../../service/page/words.ts'
import type { PageModel, VersionView } from '../model.ts'

/** Versions of OpenClaw and of guards; absent where none is known. */
export function versionSection({ versions, now }: Pick<PageModel, 'versions' | 'now'>): Html {
  if (versions === undefined) return html`<div id="versions" data-live></div>`
  const { count, shown } = versions
  const columns: readonly Column<VersionView>[] = [
    {
      head: 'version',
      rowHead: true,
      cell: ({ product, version, gateway }) =>
        html`${product} ${version} <span class="sub">${dataText(gateway)}</span>`,
    },
    { head: 'first record, UTC', label: true, keep: true, cell: ({ since }) => when(since, now) },
    { head: 'minutes with undecoded records', label: true, cell: share },
    { head: 'its log', cell: change },
  ]
  return html`<div id="versions" data-live><section aria-labelledby="versions-heading"><h2 id="versions-heading">Versions</h2><div class="panel">${table(shown, columns, { caption: 'Versions of OpenClaw and of guards, those whose log has changed first' })}${
    count > shown.length
      ? html`<p class="legend">${grouped(shown.length)} of ${grouped(count)} versions.</p>`
      : undefined
  }</div></section></div>`
}

const share = ({ minutes, undecodedMinutes }: VersionView) => `${grouped(undecodedMinutes)} of ${grouped(minutes)}`

function change({ newTemplates, hasMoreUndecoded, samples }: VersionView): Html {
  if (newTemplates === 0 && !hasMoreUndecoded) return html`<span class="muted">as before</span>`
  const words = newTemplates === 0 ? 'more is undecoded' : `${grouped(newTemplates)} new log templates`
  return html`<span class="elevated">▲ ${words}</span>${samples.map(sample => html` <span class="sub"><code>${dataText(sample, 200)}</code></span>`)}`
}
