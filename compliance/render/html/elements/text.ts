import { type Html, html } from '../../../../service/page/html.ts'
import { visible } from '../../../../service/page/visible.ts'

/**
 * Text from outside (a title, an address, a reason): isolated from the direction of the text around it and cut after
 * `limit` characters as they are shown, so that escapes of invisible characters cannot lengthen it. The whole text is in
 * report.json.
 */
export function text(value: string, limit = 400): Html {
  return html`<bdi>${cut(value, limit)}</bdi>`
}

/** The same as code: hashes, addresses, ids. */
export function code(value: string, limit = 400): Html {
  return html`<code>${cut(value, limit)}</code>`
}

/** A cut text as a value of an attribute or a name. */
export function cut(value: string, limit: number): string {
  // Each character is shown as one or more, so that no more than these are needed.
  const shown = visible(value.slice(0, 4 * limit + 4))
  const characters = [...shown]
  return characters.length <= limit
    ? shown
    : `${characters
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`
}

/** Lines of a query or of JSON: line breaks stay, everything else is shown as in `text`. */
export function lines(value: string, limit: number): Html {
  const isCut = value.length > limit
  const kept = isCut ? value.slice(0, limit) : value
  const rows = kept.split('\n')
  return html`${rows.map((row, at) => (at === 0 ? html`${row}` : html`\n${row}`))}${isCut ? html`<span class="cut">… (cut; complete in report.json)</span>` : undefined}`
}

/** A word of a language, not a name such as `gateway-lyon`. */
const PLAIN_WORD = /^[a-z]{1,20} /

/** A clause as a sentence: a first word in upper case, unless it may be a name, and a full stop. */
export function sentence(clause: string): string {
  const begun = PLAIN_WORD.test(clause) ? `${clause.slice(0, 1).toUpperCase()}${clause.slice(1)}` : clause
  return begun === '' || ['.', '!', '?', '…'].includes(begun.slice(-1)) ? begun : `${begun}.`
}
