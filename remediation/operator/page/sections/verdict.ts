import { timeLeft } from '../../../../core/time/duration.ts'
import { type Html, type HtmlValue, html } from '../../../../service/page/html.ts'
import { clockTime, counted } from '../../../../service/page/words.ts'
import type { IncidentState } from '../../../domain/incident.ts'
import type { Cap } from '../../../domain/limits.ts'
import type { PageModel } from '../model.ts'
import { commandButton, commandLine } from './section.ts'

/** One line of the summary; the first finding is its headline. */
interface Finding {
  readonly level: 'normal' | 'elevated' | 'anomalous'
  readonly sentence: string
  /** What an operator can do about it. */
  readonly remedy?: HtmlValue
}

/** The summary: problems with their remedies first, then the counts. */
export function verdict(model: PageModel): Html {
  const findings = rules.flatMap(rule => rule(model) ?? [])
  const [first, ...others] = findings
  const level = first === undefined || first.level === 'normal' ? '' : first.level
  return html`<section class="verdict ${level}" id="verdict" data-live>
<h2>${first?.sentence}</h2>
<ul class="facts">${[first?.remedy, ...others.map(text), ...facts(model)]
    .filter(fact => fact !== undefined)
    .map(fact => html`<li>${fact}</li>`)}</ul></section>`
}

const text = ({ sentence, remedy }: Finding): HtmlValue => [sentence, remedy === undefined ? undefined : ' ', remedy]

const capWords: Readonly<Record<Cap, string>> = {
  per_minute: 'actions per minute',
  per_hour: 'actions per hour',
  at_once: 'active blocks',
}

/** Most urgent first. */
const rules: readonly ((model: PageModel) => Finding | undefined)[] = [
  ({ readiness }) =>
    readiness.ready ? undefined : { level: 'anomalous', sentence: readiness.reason ?? 'The service is not ready.' },
  ({ breaker, now, mayCommand }) =>
    breaker && {
      level: 'elevated',
      sentence: `The breaker has been open since ${clockTime(breaker.openedAt)}: playbooks in mode enforce wait for approvals.`,
      remedy: [
        `The limit of ${capWords[breaker.cap]} was reached (remediation.limits.${breaker.cap}). The breaker closes automatically at ${clockTime(breaker.closesAt)}, in ${timeLeft(breaker.closesAt - now)}. `,
        mayCommand
          ? commandButton('reset-breaker', '', 'Reset it now')
          : ['To reset it, run ', commandLine('reset-breaker'), '.'],
      ],
    },
  ({ deadLetters: { count }, mayCommand }) =>
    count === 0
      ? undefined
      : {
          level: 'elevated',
          sentence: `${counted(count, 'delivery', 'deliveries')} failed permanently; the receivers were not notified.`,
          remedy: [
            'Fix the destination, then ',
            mayCommand ? commandButton('replay', 'all', 'Send all again') : [commandLine('replay all'), '.'],
          ],
        },
  ({ drift }) =>
    drift === undefined || drift === 0
      ? undefined
      : {
          level: 'elevated',
          sentence: `The last comparison corrected ${counted(drift, 'difference')} between ledger and kernel: another program changes the firewall.`,
        },
  ({ proposals: { count } }) =>
    count === 0
      ? undefined
      : { level: 'normal', sentence: `${counted(count, 'approval')} ${count === 1 ? 'is' : 'are'} pending.` },
  ({ blocked: { pending } }) =>
    pending === 0
      ? undefined
      : {
          level: 'normal',
          sentence: `${counted(pending, 'block')} ${pending === 1 ? 'waits' : 'wait'} for the firewall.`,
        },
  ({ blocked: { count, pending } }) => {
    const applied = Math.max(0, count - pending)
    return {
      level: 'normal',
      sentence: applied === 1 ? '1 address is blocked.' : `${counted(applied, 'address', 'addresses')} are blocked.`,
    }
  },
]

function facts({ playbooks, waitingDeliveries, day }: PageModel): readonly HtmlValue[] {
  const enforcing = playbooks.filter(({ mode }) => mode === 'enforce').map(({ name }) => name)
  const counts = dayCounts.flatMap(([state, words]) => (day[state] === undefined ? [] : [`${day[state]} ${words}`]))
  return [
    enforcing.length === 0
      ? 'No playbook executes without an approval.'
      : `Playbooks in mode enforce: ${enforcing.join(', ')}.`,
    counts.length === 0 ? 'No incidents in the last day.' : `Incidents in the last day: ${counts.join(', ')}.`,
    waitingDeliveries === 0 ? undefined : `${counted(waitingDeliveries, 'delivery is', 'deliveries are')} pending.`,
  ]
}

const dayCounts: readonly (readonly [IncidentState, string])[] = [
  ['blocked', 'blocked'],
  ['expired', 'expired'],
  ['unblocked', 'unblocked'],
  ['done', 'done'],
  ['undone', 'undone'],
  ['failed', 'failed'],
  ['requested', 'notified'],
  ['observed', 'observed only'],
  ['refused', 'refused'],
  ['rejected', 'rejected'],
  ['lapsed', 'expired without a decision'],
]
