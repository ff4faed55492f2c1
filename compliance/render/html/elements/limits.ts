import { type Html, html } from '../../../../service/page/html.ts'
import { grouped } from '../../../../service/page/words.ts'

/**
 * How much of a report the document shows. Its first page is one page of A4 for every report, and the whole has a bound;
 * what is left out is counted where it would be, and is complete in report.json.
 */
export const pageOne = {
  sources: 9,
  gaps: 3,
  stores: 4,
  periods: 8,
  risks: 4,
  failing: 16,
  reasons: 3,
  controlsOfReason: 6,
  changes: 4,
  exceptions: 3,
  title: 70,
  organisation: 60,
  statement: 110,
  remedy: 110,
  reason: 120,
} as const

export const detail = {
  sources: 300,
  gaps: 300,
  risks: 300,
  exceptions: 300,
  frameworks: 40,
  controls: 2_000,
  tests: 40,
  cannotProve: 12,
  telemetry: 10,
  evidence: 3_000,
  points: 62,
  zones: 20,
  samples: 5,
  title: 160,
  sentence: 400,
  query: 3_000,
  result: 800,
} as const

interface Shown<Item> {
  readonly shown: readonly Item[]
  readonly rest: number
}

/** The first of a list, and how many are left out. */
export function first<Item>(items: readonly Item[], most: number): Shown<Item> {
  return { shown: items.slice(0, most), rest: Math.max(0, items.length - most) }
}

/** In a heading of page one, where some are left out: `4 of 9 risks, all in section 2`. */
export function partNote({ shown, rest }: Shown<unknown>, nouns: string, section: number): Html | undefined {
  if (rest === 0) return undefined
  return html` <span class="note">${grouped(shown.length)} of ${grouped(shown.length + rest)} ${nouns}, all in section ${section}</span>`
}
