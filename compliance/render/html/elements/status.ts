import type { ControlStatus } from '../../../../core/labels/compliance.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import type { ExceptionState } from '../../../controls/exceptions.ts'
import type { CoveredSource, StoreState } from '../../../model/report.ts'

interface StatusWords {
  readonly word: string
  /** What it means, a sentence. */
  readonly meaning: string
}

/** In the order in which charts and tables have them. Each has a shape, a texture (charts/textured.ts) and a word of its own beside its colour. */
export const statuses: Readonly<Record<ControlStatus, StatusWords>> = {
  pass: { word: 'Pass', meaning: 'Each test passed on fresh evidence, and what it rests on was observed.' },
  fail: { word: 'Fail', meaning: 'At least one test measured a value beyond its threshold.' },
  unknown: {
    word: 'Unknown',
    meaning: 'Fresh evidence is missing: a source was not observed, or a store could not be read. It is never a pass.',
  },
  manual: { word: 'Manual', meaning: 'No log can show it: a person has to look.' },
  exception: {
    word: 'Exception',
    meaning: 'It does not hold, or is not known, and its owner has accepted that until a date.',
  },
}

const icon = (name: ControlStatus): Html =>
  html`<svg class="icon" aria-hidden="true" focusable="false"><use href="#icon-${name}"/></svg>`

/** A status by shape, word and colour. */
export function badge(status: ControlStatus): Html {
  return html`<span class="badge ${status}">${icon(status)}${statuses[status].word}</span>`
}

/** The word of another closed set, with the shape of the status that it resembles. */
const resembling = (like: ControlStatus, word: string): Html =>
  html`<span class="state ${like}">${icon(like)}${word}</span>`

const sourceStates: Readonly<Record<CoveredSource['state'], Html>> = {
  seen: resembling('pass', 'seen'),
  gaps: resembling('exception', 'gaps'),
  never: resembling('fail', 'never seen'),
}
export const sourceState = (state: CoveredSource['state']): Html => sourceStates[state]

const storeStates: Readonly<Record<StoreState, Html>> = {
  read: resembling('pass', 'read'),
  partial: resembling('exception', 'read in part'),
  unreachable: resembling('fail', 'not reached'),
  absent: resembling('unknown', 'not configured'),
  not_asked: resembling('manual', 'not asked'),
}
export const storeState = (state: StoreState): Html => storeStates[state]

export const exceptionWords: Readonly<Record<ExceptionState, string>> = {
  active: 'active',
  expired: 'expired',
  unused: 'not needed',
  too_long: 'too long',
}

const exceptionStates: Readonly<Record<ExceptionState, Html>> = {
  active: resembling('exception', exceptionWords.active),
  expired: resembling('fail', exceptionWords.expired),
  unused: resembling('manual', exceptionWords.unused),
  too_long: resembling('fail', exceptionWords.too_long),
}
export const exceptionState = (state: ExceptionState): Html => exceptionStates[state]

/** The shapes that the document refers to, once. */
export function definitions(): Html {
  return html`<svg class="definitions" aria-hidden="true" focusable="false" width="0" height="0"><defs>
<symbol id="icon-pass" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="currentColor"/><path d="M4.2 8.3l2.6 2.6 5-5.4" fill="none" stroke="#fff" stroke-width="2"/></symbol>
<symbol id="icon-fail" viewBox="0 0 16 16"><path d="M0 0h16v16H0z" fill="currentColor"/><path d="M4.5 4.5l7 7m0-7l-7 7" fill="none" stroke="#fff" stroke-width="2"/></symbol>
<symbol id="icon-unknown" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#fff" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2"/><path d="M5.8 6.3a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.5M8 11v1.6" fill="none" stroke="currentColor" stroke-width="1.6"/></symbol>
<symbol id="icon-manual" viewBox="0 0 16 16"><circle cx="8" cy="4" r="3.2" fill="currentColor"/><path d="M1.5 15.5a6.5 6.5 0 0 1 13 0z" fill="currentColor"/></symbol>
<symbol id="icon-exception" viewBox="0 0 16 16"><path d="M8 0l8 8-8 8-8-8z" fill="currentColor"/><path d="M8 4v5m0 1.2v1.8" fill="none" stroke="#fff" stroke-width="1.8"/></symbol>
</defs></svg>`
}
