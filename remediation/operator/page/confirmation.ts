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
  /** Milliseconds that an unblocked target is left alone. */
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
    effect: `What comes from there is let in at once, and it is not blocked again for ${lengthText(softAllow)}, whatever it does.`,
    yes: `Yes, unblock ${argument}`,
  }),
  approve: ({ argument, incident }) => ({
    question: `Approve incident ${argument}?`,
    effect: askedFor(incident),
    yes: 'Yes, approve it',
  }),
  reject: ({ argument }) => ({
    question: `Reject incident ${argument}?`,
    effect: 'Nothing is done about it, and the decision is recorded under your name.',
    yes: 'Yes, reject it',
  }),
  replay: ({ argument }) => ({
    question: argument === 'all' ? 'Send all dead letters again?' : `Send ${argument} again?`,
    effect: 'Receivers get what they refused before; one that took it without saying so gets it twice.',
    yes: argument === 'all' ? 'Yes, send all again' : 'Yes, send it again',
  }),
  'reset-breaker': () => ({
    question: 'Reset the breaker?',
    effect:
      'Playbooks in mode enforce execute without approval again, and rate limits are reset. Pending approvals are kept.',
    yes: 'Yes, reset it',
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
<form class="decision" method="post" action="/commands/${kind}" aria-labelledby="question" aria-describedby="effect"><input type="hidden" name="argument" value="${argument}"><input type="hidden" name="confirmed" value="yes"><button>${yes}</button><a class="cancel" href="/">No, back to the page</a></form>`,
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
    ['Country', facts.evidence.country ?? 'not known'],
  ] as const
  return html`<dl class="facts-list">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${dataText(value, 200)}</dd>`)}</dl>`
}
