import { type Html, type HtmlValue, html } from '../../../../service/page/html.ts'
import { clockTime, counted, span } from '../../../../service/page/words.ts'
import type { IncidentState } from '../../../domain/incident.ts'
import type { Cap } from '../../../domain/limits.ts'
import { commandButton, commandLine } from '../command.ts'
import type { PageModel } from '../model.ts'

/** A thing to know; the first that is wrong is the headline. */
interface Finding {
  readonly level: 'strange' | 'raised' | 'good'
  readonly sentence: string
  /** What a person can do about it. */
  readonly remedy?: HtmlValue
}

/** What is wrong first, and what to do about it; then what holds. */
export function verdict(model: PageModel): Html {
  const findings = rules.flatMap(rule => rule(model) ?? [])
  const [first, ...others] = findings
  const level = first === undefined || first.level === 'good' ? '' : first.level
  return html`<section class="verdict ${level}" id="verdict" data-live>
<h2>${first?.sentence}</h2>
<ul class="facts">${[first?.remedy, ...others.map(said), ...facts(model)]
    .filter(fact => fact !== undefined)
    .map(fact => html`<li>${fact}</li>`)}</ul></section>`
}

const said = ({ sentence, remedy }: Finding): HtmlValue => [sentence, remedy === undefined ? undefined : ' ', remedy]

const capWords: Readonly<Record<Cap, string>> = {
  per_minute: 'actions in a minute',
  per_hour: 'actions in an hour',
  at_once: 'blocks at once',
}

/** In the order in which a person should care. */
const rules: readonly ((model: PageModel) => Finding | undefined)[] = [
  ({ readiness }) =>
    readiness.ready ? undefined : { level: 'strange', sentence: readiness.reason ?? 'The service is not ready.' },
  ({ breaker, now, operators }) =>
    breaker && {
      level: 'raised',
      sentence: `The breaker is open since ${clockTime(breaker.openedAt)}: a person approves what would be enforced.`,
      remedy: [
        `The cap of ${capWords[breaker.cap]} was met (remediation.limits.${breaker.cap}). It closes by itself at ${clockTime(breaker.closesAt)}, in ${span(breaker.closesAt - now)}. `,
        operators
          ? commandButton('reset-breaker', '', 'Reset it now')
          : ['Reset it by ', commandLine('reset-breaker'), '.'],
      ],
    },
  ({ deadLetters: { count }, operators }) =>
    count === 0
      ? undefined
      : {
          level: 'raised',
          sentence: `${counted(count, 'delivery', 'deliveries')} failed permanently: the receiver was not notified.`,
          remedy: [
            'Mend the destination, then ',
            operators ? commandButton('replay', 'all', 'Send all again') : [commandLine('replay all'), '.'],
          ],
        },
  ({ drift }) =>
    drift === undefined || drift === 0
      ? undefined
      : {
          level: 'raised',
          sentence: `The last comparison mended ${counted(drift, 'difference')} between ledger and kernel: another program changes the firewall.`,
        },
  ({ proposals: { count } }) =>
    count === 0
      ? undefined
      : { level: 'good', sentence: `${counted(count, 'proposal')} ${count === 1 ? 'waits' : 'wait'} for a person.` },
  ({ blocked: { count } }) => ({
    level: 'good',
    sentence: count === 1 ? '1 address is blocked.' : `${counted(count, 'address', 'addresses')} are blocked.`,
  }),
]

function facts({ playbooks, waitingDeliveries, day }: PageModel): readonly HtmlValue[] {
  const enforcing = playbooks.filter(({ mode }) => mode === 'enforce').map(({ name }) => name)
  const counts = told.flatMap(([state, words]) => (day[state] === undefined ? [] : [`${day[state]} ${words}`]))
  return [
    enforcing.length === 0 ? 'No playbook acts without a person.' : `Acting without a person: ${enforcing.join(', ')}.`,
    counts.length === 0 ? 'No incident in the last day.' : `Incidents of the last day: ${counts.join(', ')}.`,
    waitingDeliveries === 0 ? undefined : `${counted(waitingDeliveries, 'delivery', 'deliveries')} on the way.`,
  ]
}

const told: readonly (readonly [IncidentState, string])[] = [
  ['blocked', 'blocked'],
  ['expired', 'expired'],
  ['unblocked', 'unblocked'],
  ['done', 'done'],
  ['undone', 'undone'],
  ['failed', 'failed'],
  ['requested', 'notified'],
  ['observed', 'only observed'],
  ['refused', 'refused'],
  ['rejected', 'rejected'],
  ['lapsed', 'lapsed'],
]
