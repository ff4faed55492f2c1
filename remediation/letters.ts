import { randomBytes } from 'node:crypto'
import type { EpochMs } from '../core/clock.ts'
import type { LetterFacts } from './actions/templates/render.ts'
import type { Incident } from './ledger/incidents.ts'

/** What a letter tells of an incident; the link is where a person approves or looks. */
export function letterFacts(incident: Incident, link: string): Omit<LetterFacts, 'letter'> {
  const { id, playbook, target, state, alert, facts } = incident
  const proposed = state === 'proposed'
  return {
    incident: id,
    playbook,
    target,
    state,
    summary: summaryOf(incident),
    verdict: facts.evidence.verdict,
    country: facts.evidence.country ?? 'not known',
    expires: facts.expiresAt === undefined ? 'no end' : isoTime(facts.expiresAt),
    link,
    link_sentence: link === '' ? byCommand(id, proposed) : `${proposed ? 'Approve or reject' : 'See'}: ${link}`,
    alert: JSON.stringify({ labels: alert.labels, annotations: alert.annotations, startsAt: alert.startsAt }),
    nonce: randomBytes(12).toString('hex'),
  }
}

/** How a person goes on where no address of this service is configured. */
const byCommand = (id: string, proposed: boolean): string =>
  proposed ? `Approve by: clawtrust remediation approve ${id}` : `See: clawtrust remediation show ${id}`

/** One sentence; the target is an address, or a label's text. */
function summaryOf({ state, target, playbook, facts }: Incident): string {
  const hours = facts.length === undefined ? '' : ` for ${lengthText(facts.length)}`
  if (state === 'proposed') return `clawtrust asks to block ${target}${hours} (${playbook})`
  if (facts.length !== undefined) return `clawtrust blocked ${target}${hours} (${playbook})`
  return `clawtrust acts on ${target} (${playbook})`
}

const units = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const

/** A length in its largest unit that divides it; a day is 24 h. */
export function lengthText(milliseconds: number): string {
  const fits = ([size]: (typeof units)[number]) => milliseconds >= size && milliseconds % size === 0
  const [size, unit] = (milliseconds > units[0][0] ? units : units.slice(1)).find(fits) ?? [1_000, 's']
  return `${Math.round(milliseconds / size)} ${unit}`
}

export function isoTime(time: EpochMs): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
}
