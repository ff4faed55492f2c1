import { type Html, html } from '../../../../service/page/html.ts'
import type { Report } from '../../../model/report.ts'
import { pageOne } from '../elements/limits.ts'
import { code, cut, text } from '../elements/text.ts'
import { moment, periodName, periodSpan, utc } from '../elements/words.ts'

/** What the report is: its period, whom it is about, what made it and when. */
export function masthead(report: Report): Html {
  const { period, organisation, generator, generatedAt, id, previous } = report
  return html`<header class="masthead">
<div class="subject"><p class="kind">${mark()}<span>clawtrust</span></p>
<h1 class="clamp1">${text(report.title, pageOne.title)}</h1>
<p class="of clamp1">${organisation === '' ? undefined : html`${text(organisation, pageOne.organisation)} · `}<b>${periodName(period.name).long}</b></p></div>
<dl class="facts">
<div><dt>Period</dt><dd>${periodSpan(period)}</dd></div>
<div><dt>In UTC</dt><dd>${moment(period.start)} to ${moment(period.end)}</dd></div>
<div><dt>Made</dt><dd>${utc(generatedAt)} UTC by ${generator.name} ${cut(generator.version, 24)}</dd></div>
<div><dt>Report</dt><dd>${code(id, 40)}</dd></div>
<div><dt>Follows</dt><dd>${previous === null ? 'no report: this is the first' : html`${code(previous.id, 40)} (${cut(previous.period, 12)})`}</dd></div>
</dl>
</header>`
}

const mark = (): Html =>
  html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path fill="currentColor" d="M12 1 3 5v6c0 5.6 3.8 10.3 9 12 5.2-1.7 9-6.4 9-12V5z"/><path fill="none" stroke="#fff" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" d="M6 13h3l2-5 3 8 1.6-3H18"/></svg>`

/** What every reader has to know before the first figure. */
export function marks({ synthetic, redacted }: Report): Html | undefined {
  if (!(synthetic || redacted)) return undefined
  return html`<p class="notice">${synthetic ? html`<b>Synthetic data:</b> the demonstration of clawtrust, evidence of nothing. ` : undefined}${redacted ? html`<b>Redacted:</b> addresses and names are replaced for readers outside.` : undefined}</p>`
}
