import { visible } from '../../../service/page/visible.ts'
import { grouped } from '../../../service/page/words.ts'
import { codePoint, lookalikeIn } from '../../language/characters.ts'
import { endWords } from '../end-words.ts'
import type { Amount, FlowFinding, ShadowReport, Verdict } from '../report-model.ts'

/** Rows of findings that are shown to people; the JSON has all. */
export const MAX_ROWS = 50

export const verdictWords: Readonly<Record<Verdict['decision'], string>> = {
  nothing_would_be_denied: 'Nothing in this history would be denied.',
  would_deny: 'Flows that pass would be denied.',
  not_enough_evidence: 'Not enough evidence to say that it is safe to enforce.',
}

/** Two versions of a policy have the same name. */
export function comparedWith({ policy, against }: Pick<ShadowReport, 'policy' | 'against'>): string {
  if (against === null) return 'what was enforced'
  return against === policy ? 'the version that --against names' : `the policy ${against}`
}

/** The answers of the policy, and what they change. */
export const totalRows = ({ totals, changes }: ShadowReport): readonly (readonly [name: string, amount: Amount])[] => [
  ['allow', totals.allow],
  ['deny', totals.deny],
  ['  of these newly denied', changes.newlyDenied],
  ['  of these denied before', changes.stillDenied],
  ['unknown', totals.unknown],
  ['newly allowed', changes.newlyAllowed],
]

/** The part of all events, `0.2 %`. */
export function share(events: number, all: number): string {
  if (all === 0 || events === 0) return '0 %'
  const percent = (100 * events) / all
  return percent < 0.01 ? '< 0.01 %' : `${Number(percent.toPrecision(2))} %`
}

export const zoneWords = (zone: string | null): string => zone ?? '(no zone)'

/** `443/tcp`, as far as it is known. */
export const portWords = ({ port, transport }: Pick<FlowFinding, 'port' | 'transport'>): string =>
  `${port ?? '?'}/${transport ?? '?'}`

/** Words of an end, after the letter among them that looks like one of ASCII and is none: no rule for the plain word is about it. */
export function markedWords(words: string): string {
  const odd = lookalikeIn(words)
  return odd === undefined ? words : `[${codePoint(odd)}] ${words}`
}

/** Texts of records on one line: nothing in them is obeyed. */
export const sourceWords = ({ source }: FlowFinding): string => visible(markedWords(endWords(source)))
export const destinationWords = ({ destination }: FlowFinding): string => visible(markedWords(endWords(destination)))

/** `and 12 more`; empty where all are shown. */
export const restWords = (all: number, shown: number): string =>
  all > shown ? `and ${grouped(all - shown)} more, which --format json lists` : ''

/** `2026-11-29 14:05`, in UTC. */
export const minuteOf = (time: string | null): string => (time === null ? '-' : time.slice(0, 16).replace('T', ' '))
