import { type Html, html } from './html.ts'
import { grouped } from './words.ts'

/**
 * Text from outside (a name, an address, a reason): isolated from the direction of the text around it and truncated
 * after `limit` characters, with the full length shown.
 */
export function dataText(text: string, limit = 64): Html {
  const characters = [...text]
  if (characters.length <= limit) return html`<bdi class="data">${text}</bdi>`
  return html`<bdi class="data">${characters.slice(0, limit).join('')}</bdi><span class="cut">… (${grouped(characters.length)} characters)</span>`
}

/** An element id that is unique to the text, whatever it contains. */
export function idOf(prefix: string, text: string): string {
  const safe = text.replace(/[^a-z0-9-]/g, character => `_${character.charCodeAt(0).toString(16)}_`)
  return `${prefix}-${safe}`
}
