import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'

/** Sentences that qualify the figures. */
export function notes(sentences: readonly string[]): Html {
  return html`<div id="notes" data-live>${
    sentences.length === 0
      ? undefined
      : html`<ul class="notes" aria-label="Notes">${sentences.map(sentence => html`<li>${dataText(sentence, 400)}</li>`)}</ul>`
  }</div>`
}
