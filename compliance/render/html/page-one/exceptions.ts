import { type Html, html } from '../../../../service/page/html.ts'
import { exceptionStates } from '../../../controls/exceptions.ts'
import type { Report, ReportException } from '../../../model/report.ts'
import { first, pageOne } from '../elements/limits.ts'
import type { References } from '../elements/references.ts'
import { exceptionState, exceptionWords } from '../elements/status.ts'
import { text } from '../elements/text.ts'
import { day } from '../elements/words.ts'

const order: Readonly<Record<ReportException['state'], number>> = { too_long: 0, expired: 1, active: 2, unused: 3 }

/** Those that cover nothing, then those that run out next. */
export const byUrgency = (exceptions: readonly ReportException[]): ReportException[] =>
  exceptions.toSorted((one, other) => order[one.state] - order[other.state] || compare(one.expires, other.expires))

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** One that covers nothing any more, because that is urgent, and then those that are in force. */
function nextToRunOut(exceptions: readonly ReportException[]): ReportException[] {
  const [mostUrgent, ...others] = byUrgency(exceptions)
  if (mostUrgent === undefined) return []
  return [mostUrgent, ...others.toSorted((one, other) => Number(isVoid(one)) - Number(isVoid(other)))]
}

const isVoid = ({ state }: ReportException): boolean => state === 'expired' || state === 'too_long'

/** Which exceptions run out next. */
export function exceptionBlock({ exceptions }: Report, references: References): Html {
  const { shown, rest } = first(nextToRunOut(exceptions), pageOne.exceptions)
  const counts = exceptionStates.map(state => [state, exceptions.filter(one => one.state === state).length] as const)
  return html`<section class="block exception-block" aria-labelledby="one-exceptions">
<h2 id="one-exceptions">Exceptions: the next to run out</h2>
${
  exceptions.length === 0
    ? html`<p>No exception is in force.</p>`
    : html`<ul>${shown.map(
        ({ control, owner, reason, expires, state }) =>
          html`<li class="clamp2">${exceptionState(state)} <b>${references.control(control)}</b> ${state === 'expired' ? 'since' : 'until'} ${day(expires)}, ${text(owner, 28)}: ${text(reason, 64)}</li>
`,
      )}</ul><p class="more clamp1">${counts
        .filter(([, count]) => count > 0)
        .map(([state, count]) => `${count} ${exceptionWords[state]}`)
        .join(', ')}${rest === 0 ? '' : '; all in section 5'}.</p>`
}</section>`
}
