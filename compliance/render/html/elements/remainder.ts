import { type Html, html } from '../../../../service/page/html.ts'
import { grouped } from '../../../../service/page/words.ts'

/** What a bound left out is said where it would be. */
export const remainder = (rest: number, nouns: string): Html | undefined =>
  rest === 0 ? undefined : html`<p class="more">and ${grouped(rest)} more ${nouns}, in report.json</p>`
