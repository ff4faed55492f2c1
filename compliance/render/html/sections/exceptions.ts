import { type Html, html } from '../../../../service/page/html.ts'
import { table } from '../../../../service/page/table.ts'
import type { Report } from '../../../model/report.ts'
import { detail, first } from '../elements/limits.ts'
import type { References } from '../elements/references.ts'
import { remainder } from '../elements/remainder.ts'
import { exceptionState } from '../elements/status.ts'
import { sentence, text } from '../elements/text.ts'
import { moment } from '../elements/words.ts'
import { byUrgency } from '../page-one/exceptions.ts'

/** Who has accepted what, and until when. */
export function exceptionSection({ exceptions }: Report, references: References): Html {
  const { shown, rest } = first(byUrgency(exceptions), detail.exceptions)
  return html`<section class="part" id="exceptions" aria-labelledby="exceptions-head">
<h2 id="exceptions-head">5. Exceptions</h2>
${
  shown.length === 0
    ? html`<p>No exception is in force.</p>`
    : html`<p>An exception that has expired, or that ends later than an exception may, excuses nothing: its control has the status that its tests give. One that is not needed belongs to a control that passes; remove it.</p>
<div class="exception-table">${table(
        shown,
        [
          { head: 'Control', rowHead: true, cell: ({ control }) => references.control(control) },
          { head: 'State', cell: ({ state }) => exceptionState(state) },
          { head: 'Expires (UTC)', cell: ({ expires }) => moment(expires) },
          { head: 'Owner', cell: ({ owner }) => text(owner, 80) },
          { head: 'Reason', cell: ({ reason }) => text(sentence(reason), detail.sentence) },
        ],
        { caption: 'Exceptions, expired ones first, then by expiry', stacked: false },
      )}</div>${remainder(rest, 'exceptions')}`
}</section>`
}
