import { visible } from './visible.ts'

/** Markup that is safe in a page. Only `html` creates it. */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }
}

export type HtmlValue = string | number | Html | undefined | readonly HtmlValue[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * The only way to create markup. The template's own text is markup; every value is text: escaped for element content
 * and for quoted attributes alike, with invisible characters and bidirectional marks shown as escapes.
 */
export function html(template: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(template.reduce((markup, part, index) => markup + markupOf(values[index - 1]) + part))
}

function markupOf(value: HtmlValue): string {
  if (value === undefined) return ''
  if (value instanceof Html) return value.markup
  if (typeof value === 'object') return value.map(markupOf).join('')
  return visible(String(value)).replace(/[&<>"']/g, character => entities[character] as string)
}
