import { lengthText } from '../../../core/time/duration.ts'
import { dataText } from '../../../service/page/data-text.ts'
import { type Html, html } from '../../../service/page/html.ts'
import type { Incident } from '../../domain/incident.ts'
import type { CommandKind } from '../../store/commands.ts'
import { formDocument, type RenderedPage } from './document.ts'
import type { IncidentView } from './model.ts'

export interface Question {
  readonly kind: CommandKind
  readonly argument: string
  /** What approve and reject are about; undefined where there is none of this name. */
  readonly incident: IncidentView | undefined
  /** Milliseconds that a target is left alone that a person unblocked or rejected. */
  readonly softAllow: number
}

/** What is asked, what happens then, and the words of the button that does it. */
interface Words {
  readonly question: string
  readonly effect: string
  readonly yes: string
}

const words: Readonly<Record<CommandKind, (question: Question) => Words>> = {
  unblock: ({ argument, softAllow }) => ({
    question: `Unblock ${argument}?`,
    effect: `Traffic from ${argument} is accepted at once. It is not blocked again for ${lengthText(softAllow)}, whatever alerts report.`,
    yes: `Yes, unblock ${argument}`,
  }),
  approve: ({ argument, incident }) => ({
    question: `Approve incident ${argument}?`,
    effect: askedFor(incident),
    yes: 'Yes, approve',
  }),
  reject: ({ argument, softAllow }) => ({
    question: `Reject incident ${argument}?`,
    effect: `No step is executed, and the rejection is recorded in the audit trail with your name. The proposal is not repeated for ${lengthText(softAllow)}, whatever alerts report.`,
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
