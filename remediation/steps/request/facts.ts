import { randomBytes } from 'node:crypto'
import { parseTarget } from '../../../core/net/target.ts'
import { visible, visibleJson } from '../../../service/page/visible.ts'
import { timestamp } from '../../../service/page/words.ts'
import type { WordedStep } from '../../contracts/step.ts'
import type { Alert } from '../../domain/alert.ts'
import type { Evidence } from '../../domain/evidence.ts'
import type { Incident } from '../../domain/incident.ts'

/** What the templates can name. */
export type DeliveryFacts = {
  readonly delivery: string
  readonly incident: string
  /** The incident whose proposal this one renews; empty where it renews none. */
  readonly thread: string
  /** The receiver's own reference of the message about that; empty where it gave none. */
  readonly thread_reference: string
  readonly playbook: string
  readonly target: string
  /** The target where it is an address or network; where it is others' text, words of our own. */
  readonly address: string
  readonly state: string
  readonly summary: string
  readonly verdict: string
  readonly country: string
  /** ISO 8601, or a word. */
  readonly expires: string
  /** Where a person approves or looks; empty where no address is configured. */
  readonly link: string
  readonly link_sentence: string
  /** The alert as JSON: written by others. */
  readonly alert: string
  /** Random: marks where the words of others begin and end. */
  readonly nonce: string
}

/**
 * The content of a delivery about an incident.
 *
 * @param acts the steps that act
 * @param link where a person approves or looks
 * @param reference the receiver's own reference of the message about the proposal that is renewed
 */
export function deliveryFacts(
  incident: Incident,
  acts: readonly WordedStep[],
  link: string,
  reference = '',
): Omit<DeliveryFacts, 'delivery'> {
  const { id, playbook, target, state, alert, facts } = incident
  const proposed = state === 'proposed'
  return {
    incident: id,
    thread: facts.thread ?? '',
    thread_reference: reference,
    playbook,
    target: visible(target),
    address: parseTarget(target)?.text ?? 'named in the alert',
    state,
    summary: summaryOf(incident, acts),
    verdict: facts.evidence.verdict,
    country: countryOf(facts.evidence),
    expires: facts.expiresAt === undefined ? 'no end' : timestamp(facts.expiresAt),
    link,
    link_sentence: link === '' ? byCommand(id, proposed) : `${proposed ? 'Approve or reject' : 'See'}: ${link}`,
    alert: alertJson(alert),
    nonce: randomBytes(12).toString('hex'),
  }
}

/** How a person goes on where no address of this service is configured. */
const byCommand = (id: string, proposed: boolean): string =>
  proposed ? `Approve by: clawtrust remediation approve ${id}` : `See: clawtrust remediation show ${id}`

/** The country as an ISO 3166-1 code, or a word of our own: it stands among what a reader trusts. */
const countryOf = ({ country }: Evidence): string =>
  typeof country === 'string' && /^[A-Z]{2}$/.test(country) ? country : 'unknown'

/** What the alert may take of a message; the shortest limit of a receiver for it is 32,000. */
const MAX_ALERT = 24_000
const MAX_VALUE = 4_096
const MIN_VALUE = 32

/** The alert as JSON on one visible line. Long labels and annotations are cut, so that it stays JSON. */
function alertJson({ labels, annotations, startsAt }: Alert): string {
  const entries = [...Object.entries(labels), ...Object.entries(annotations)].length
  for (let most = MAX_VALUE; most >= MIN_VALUE; most /= 2) {
    const cut = { labels: cutTexts(labels, most), annotations: cutTexts(annotations, most), startsAt }
    const json = visibleJson(JSON.stringify(cut))
    if (json.length <= MAX_ALERT) return json
  }
  const { alertname = '' } = labels
  const rest = { labels: cutTexts({ alertname }, MIN_VALUE), annotations: {}, startsAt }
  return visibleJson(JSON.stringify({ ...rest, omitted: entries }))
}

function cutTexts(all: Readonly<Record<string, string>>, most: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [cutText(key, most), cutText(value, most)]))
}

const cutText = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`

/**
 * One sentence on one line. The target is an address, or a label's text, which others write: an address in it is no link,
 * since ours is the only one that a reader may follow.
 */
function summaryOf(incident: Incident, acts: readonly WordedStep[]): string {
  return visible(sentenceOf(incident, acts)).replaceAll('://', '[:]//')
}

/** Receivers make links of names without a scheme too (`evil.example/approve`), and mentions of `@name`. */
const withoutNames = (target: string): string =>
  parseTarget(target) === undefined ? target.replace(/[.@\u3002\uff0e\uff61]/g, character => `[${character}]`) : target

function sentenceOf({ state, target, playbook, facts }: Incident, acts: readonly WordedStep[]): string {
  const again = facts.thread === undefined ? '' : ' again'
  if (acts.length === 0) {
    const asks = state === 'proposed' ? `asks${again} to act` : 'acts'
    return `clawtrust ${asks} on ${withoutNames(target)} (${playbook})`
  }
  const intents = acts.map(({ words }) => words.intent).join(' and ')
  if (state === 'proposed') return `clawtrust asks${again} to ${intents} (${playbook})`
  return `clawtrust ${acts.map(outcome).join(' and ')} (${playbook})`
}

function outcome({ state, words }: WordedStep): string {
  return state === 'done' ? words.past : `could not ${words.intent}`
}
