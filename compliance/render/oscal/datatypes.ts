import { visible } from '../../../service/page/visible.ts'
import { sha256 } from '../../model/digest.ts'

/*
 * The datatypes of OSCAL 1.2.1, as its JSON schema defines them. Texts may hold what attackers wrote: what is invisible is
 * an escape, what OSCAL's markup would read as markup is escaped, and each text is cut.
 */

const MOST_OF_A_LINE = 200
const MOST_OF_A_TEXT = 4_000

/** What CommonMark and OSCAL's own additions (sub- and superscripts, insertions) may read as markup. */
const MARKUP = /[\\`*_~^[\]<>{}&#|!]/g

/** `markup-line`: never empty. */
export function markupLine(text: string, otherwise = 'untitled'): string {
  return escapeMarkup(shortened(text, MOST_OF_A_LINE) || otherwise)
}

/** `markup-multiline`, of which this is always one line. */
export function markup(text: string): string {
  return escapeMarkup(shortened(text, MOST_OF_A_TEXT))
}

/** `string`; undefined for a text without a visible character, which it cannot hold. */
export function stringOf(text: string): string | undefined {
  return shortened(text, MOST_OF_A_TEXT) || undefined
}

/** `token` in ASCII. What cannot be in one is replaced, and a part of the hash keeps the result unique. */
export function token(text: string): string {
  const cut = text.slice(0, MOST_OF_A_LINE).replace(/[^A-Za-z0-9._-]/g, '_')
  const begun = /^[A-Za-z_]/.test(cut) ? cut : `_${cut}`
  return begun === text ? text : `${begun}-${sha256(Buffer.from(text, 'utf16le')).slice(0, 8)}`
}

/** The name of a control of SP 800-53: `AC-6(9)`. */
const NIST_CONTROL = /^([A-Z]{2}-\d{1,2})(?:\((\d{1,2})\))?$/

/** Id of a control: as NIST's catalogue in OSCAL has it (`ac-6.9`), or its name as a token. */
export function controlId(control: string): string {
  const [, base, enhancement] = NIST_CONTROL.exec(control) ?? []
  if (base === undefined) return token(control)
  return `${base.toLowerCase()}${enhancement === undefined ? '' : `.${enhancement}`}`
}

/** `dateTime-with-timezone`; undefined for what is no time of these centuries. */
export function dateTime(text: string | null): string | undefined {
  const time = text === null ? Number.NaN : Date.parse(text)
  if (Number.isNaN(time)) return undefined
  const written = new Date(time).toISOString()
  return /^2\d{3}-/.test(written) ? written : undefined
}

const MOST_OF_AN_ADDRESS = 2_000

/** `uri` of a page on the web; undefined for everything else, such as `javascript:`. */
export function webAddress(text: string): string | undefined {
  if (text.length > MOST_OF_AN_ADDRESS || !URL.canParse(text)) return undefined
  const { protocol, origin, pathname, search, hash } = new URL(text)
  if (protocol !== 'https:' && protocol !== 'http:') return undefined
  return `${origin}${inUri(pathname)}${part('?', search)}${part('#', hash)}`
}

const part = (mark: string, text: string): string => (text === '' ? '' : `${mark}${inUri(text.slice(1))}`)

/** URLs leave characters as they are that RFC 3986 does not have in a path. */
const inUri = (text: string): string =>
  text.replace(/%(?![0-9A-Fa-f]{2})/g, '%25').replace(/[^A-Za-z0-9\-._~:/?@!$&'()*+,;=%]/g, encodeURIComponent)

const escapeMarkup = (text: string): string => text.replace(MARKUP, '\\$&')

function shortened(text: string, most: number): string {
  const shown = visible(text).trim()
  if (shown.length <= most) return shown
  // Half of a pair of surrogates is no character.
  return `${shown.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** The same object without what is undefined, and without empty lists, which OSCAL does not allow. */
export function present<T extends Readonly<Record<string, unknown>>>(members: T): T {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  ) as T
}
