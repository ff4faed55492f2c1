import { lengthText } from '../../../core/time/duration.ts'
import { dataText } from '../../../service/page/data-text.ts'
import type { RenderedPage } from '../../../service/page/document.ts'
import { type Html, html } from '../../../service/page/html.ts'
import { timestamp } from '../../../service/page/words.ts'
import type { Incident } from '../../domain/incident.ts'
import type { CommandKind } from '../../store/commands.ts'
import { formDocument } from './document.ts'
import type { IncidentView } from './model.ts'

export interface Question {
  readonly kind: CommandKind
  readonly argument: string
  /** What approve and reject are about; undefined where there is none of this name. */
  readonly incident: IncidentView | undefined
  /** Milliseconds that an unblocked or rejected target is left alone. */
  readonly gracePeriod: number
}

/** What is asked, what happens then, and the words of the button that does it. */
interface Words {
  readonly question: string
  readonly effect: string
  readonly yes: string
}

const words: Readonly<Record<CommandKind, (question: Question) => Words>> = {
  unblock: ({ argument, gracePeriod }) => ({
    question: `Unblock ${argument}?`,
    effect: `Traffic from ${argument} is accepted at once. It is not blocked again for ${lengthText(gracePeriod)}, whatever alerts report.`,
    yes: `Yes, unblock ${argument}`,
  }),
  approve: ({ argument, incident }) => ({
    question: `Approve incident ${argument}?`,
    effect: askedFor(incident),
    yes: 'Yes, approve',
  }),
  reject: ({ argument, gracePeriod }) => ({
    question: `Reject incident ${argument}?`,
    effect: `No step is executed, and the rejection is recorded in the audit trail with your name. The proposal is not repeated for ${lengthText(gracePeriod)}, whatever alerts report.`,
    yes: 'Yes, reject',
  }),
  replay: ({ argument }) => ({
    question: argument === 'all' ? 'Send all dead letters again?' : `Send ${argument} again?`,
    effect: 'A receiver that accepted a delivery without confirming it gets it twice.',
    yes: argument === 'all' ? 'Yes, send all again' : 'Yes, send again',
  }),
  'reset-breaker': () => ({
    question: 'Reset the breaker?',
    effect:
      'Playbooks in mode enforce execute without approval again, and rate limits are reset. Their pending approvals are executed when their alerts are delivered again.',
    yes: 'Yes, reset',
  }),
}

/** Asks before a command of the page is carried out; showing it changes nothing. The form is the command itself. */
export function confirmationPage(question: Question): RenderedPage {
  const { kind, argument, incident } = question
  const { question: asked, effect, yes } = words[kind](question)
  return formDocument(
    `clawtrust: ${asked}`,
    html`<h1 id="question">${asked}</h1>
<p id="effect">${effect}</p>
${incident && facts(incident)}
<form class="decision" method="post" action="/commands/${kind}" aria-labelledby="question" aria-describedby="effect"><input type="hidden" name="argument" value="${argument}"><input type="hidden" name="confirmed" value="yes"><button>${yes}</button><a class="cancel" href="/">Cancel</a></form>`,
  )
}

function askedFor(incident: IncidentView | undefined): string {
  if (incident === undefined) return 'There is no such incident.'
  const sentences = incident.steps.flatMap(({ words }) => [
    `${words.effect}.`,
    ...(words.warning === undefined ? [] : [words.warning]),
  ])
  return sentences.map(sentence => sentence.replace(/^./, first => first.toUpperCase())).join(' ')
}

function facts({ target, playbook, state, facts }: Incident): Html {
  const rows = [
    ['Target', target],
    ['Playbook', playbook],
    ['State', state],
    ['Verdict', facts.evidence.verdict],
    ['Country', facts.evidence.country ?? 'unknown'],
  ] as const
  return html`<dl class="facts-list">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${dataText(value, 200)}</dd>`)}</dl>`
}

/**
 * What a person sees before and after deciding. Labels and annotations of the alert are shown as data.
 *
 * @param incident undefined where the link is forged or too old
 * @param sentence the result of the decision
 */
export function approvalPage(incident: IncidentView | undefined, sentence: string | undefined): RenderedPage {
  if (incident === undefined) {
    return formDocument('clawtrust', html`<h1>This link is not valid, or has expired.</h1>`)
  }
  const { id, target, playbook, state, facts, alert, alerts, steps } = incident
  const rows = [
    ['Target', target],
    ['Playbook', playbook],
    ['State', state],
    ['Proposed', steps.map(({ words }) => words.intent).join('; ')],
    ['Verdict', facts.evidence.verdict],
    ['Country', facts.evidence.country ?? 'unknown'],
    ['Alerts', String(alerts)],
    ['Valid until', facts.expiresAt === undefined ? 'no end' : timestamp(facts.expiresAt)],
  ] as const
  const findings = facts.evidence.findings.map(
    ({ source, verdict, detail }) => html`<li>${dataText(source)}: ${verdict}, ${dataText(detail, 200)}</li>`,
  )
  const form = html`<form class="decision" method="post"><button name="decision" value="approve">Approve</button><button name="decision" value="reject">Reject</button></form>`
  return formDocument(
    'clawtrust: proposed incident',
    html`<h1>Incident ${id}</h1>
${sentence === undefined ? undefined : html`<p role="status"><strong>${sentence}</strong></p>`}
<dl class="facts-list">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${dataText(value, 200)}</dd>`)}</dl>
<ul>${findings}</ul>
${state === 'proposed' ? form : undefined}
<h2>Alert as delivered</h2>
<pre>${JSON.stringify({ labels: alert.labels, annotations: alert.annotations, startsAt: alert.startsAt }, null, 1)}</pre>`,
  )
}

/** What a browser shows after a command that was given on the page. */
export function answerPage(sentence: string): RenderedPage {
  return formDocument(
    'clawtrust: done',
    html`<h1 role="status">${sentence}</h1>
<p><a href="/">Back to the page</a></p>`,
  )
}
