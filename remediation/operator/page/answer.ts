import { html } from '../../../service/page/html.ts'
import { formDocument, type RenderedPage } from './document.ts'

/** What a browser shows after a command that was given on the page. */
export function answerPage(sentence: string): RenderedPage {
  return formDocument(
    'clawtrust: done',
    html`<h1 role="status">${sentence}</h1>
<p><a href="/">Back to the page</a></p>`,
  )
}
