import { type Html, html } from '../../../../service/page/html.ts'
import { grouped } from '../../../../service/page/words.ts'
import type { Changes, Report } from '../../../model/report.ts'
import { pageOne } from '../elements/limits.ts'
import { listed, type References } from '../elements/references.ts'
import { text } from '../elements/text.ts'
import { figure, periodName } from '../elements/words.ts'

type ChangeKey = Exclude<keyof Changes, 'byZone'>

export const changeTitles: Readonly<Record<ChangeKey, string>> = {
  newlyFailing: 'Newly failing',
  stillFailing: 'Still failing',
  newlyUnknown: 'Newly unknown',
  fixed: 'Fixed',
  newlyKnown: 'Known again',
  added: 'Added',
  removed: 'Removed',
}

/** What is different from the report before. */
export function changeBlock(report: Report, references: References): Html {
  const { previous, changes } = report
  return html`<section class="block change-block" aria-labelledby="one-changes">
<h2 id="one-changes">Changes ${previous === null ? '' : `since ${periodName(previous.period).long}`}</h2>
${
  previous === null
    ? html`<p>This is the first report: there is nothing to compare with.</p>`
    : html`${changeList(changes, references, pageOne.changes, 'clamp1')}${zoneSentence(changes)}`
}</section>`
}

export function changeList(changes: Changes, references: References, most: number, style = ''): Html {
  return html`<dl class="changes">${(Object.keys(changeTitles) as ChangeKey[]).map(
    key =>
      html`<div><dt>${changeTitles[key]}</dt><dd class="number">${grouped(changes[key].length)}</dd><dd class="${style}">${listed(changes[key].map(references.control), most)}</dd></div>
`,
  )}</dl>`
}

function zoneSentence({ byZone }: Changes): Html | undefined {
  const [most] = byZone
  if (most === undefined) return undefined
  return html`<p class="zone clamp2">Largest change by trust zone: ${text(most.title, 40)} of <b>${text(most.trustZone, 20)}</b>, from ${figure(most.before)} to ${figure(most.now)}.</p>`
}
