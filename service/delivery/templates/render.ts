import { visible } from '../../page/visible.ts'
import { escapes } from './escape.ts'
import { type Filling, fillText } from './fill.ts'
import { limitOf, type Template, type TextPath, textsOf } from './template.ts'

/** The placeholders of a template, in addition to `token` and the destination's `fields`. */
export type Facts = Readonly<Record<string, string>>

export interface Address {
  readonly url: string | undefined
  readonly token: string
  readonly fields: Readonly<Record<string, string>>
}

export interface RenderedRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Facts of our own that are short, and useless if they are cut. */
const WHOLE: readonly string[] = ['delivery', 'incident', 'nonce', 'link', 'link_sentence', 'thread']

/**
 * Renders a template; pure. Values stay on their line: control characters and the like are written as escapes. Texts are
 * cut to the receiver's limits. For a destination without a token, headers that contain it are left out.
 */
export function renderRequest(shipped: Template, facts: Facts, address: Address): RenderedRequest {
  const replyTo = replyToOf(shipped, facts)
  const template = replyTo === undefined ? shipped : { ...shipped, ...shipped.reply }
  const own: Readonly<Record<string, string>> = {
    token: address.token,
    token_base64: Buffer.from(address.token).toString('base64'),
    reply_to: replyTo ?? '',
    ...Object.fromEntries(Object.entries(address.fields).map(([key, value]) => [`fields.${key}`, value])),
  }
  const fillingsBy =
    (harmless: (character: string) => string) =>
    (name: string): Filling => {
      const configured = own[name]
      if (configured !== undefined) return { text: configured, harmless: escapes.none, isWhole: true }
      return { text: visible(String(facts[name] ?? '')), harmless, isWhole: WHOLE.includes(name) }
    }
  const inBody = fillingsBy(escapes[template.escape])
  const headers = Object.entries(template.headers).filter(
    ([, value]) => address.token !== '' || !value.includes('{{token'),
  )
  const fill = (text: string) => fillText(text, fillingsBy(encodeURIComponent))
  const base = address.url ?? fill(template.url ?? '')
  return {
    url: template.path === undefined ? base : base.replace(/\/$/, '') + fill(template.path),
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(headers.map(([key, value]) => [key, fillText(value, fillingsBy(headerCharacter))])),
    },
    body: JSON.stringify(
      filled(template.body, [], (text, path) => fillText(text, inBody, limitOf(template.limits, path))),
    ),
  }
}

/** What a message answers; undefined for one of its own. */
function replyToOf({ reply }: Template, facts: Facts): string | undefined {
  const segment = lastSegment(facts.thread_reference ?? '')
  const isNumber = [...textsOf(reply?.body)].some(({ text }) => text === '{{number:reply_to}}')
  return isNumber && !/^\d{1,15}$/.test(segment ?? '') ? undefined : segment
}

/** True where the message answers an earlier one. */
export const isReply = (template: Template, facts: Facts): boolean =>
  template.reply !== undefined && replyToOf(template, facts) !== undefined

/** `7` of `https://github.com/o/r/issues/7`, `SEC-7` of `SEC-7`: what can be one segment of a path, and nothing else. */
const lastSegment = (reference: string): string | undefined => /(?:^|\/)([\w-]{1,64})$/.exec(reference)?.[1]

/** A header holds ASCII only; a destination may have any name. */
const headerCharacter = (character: string): string =>
  /^[\x20-\x7e]$/.test(character) ? character : encodeURIComponent(character)

/** A text that is nothing but this is a number in the body. */
const NUMBER = /^\{\{number:[\w.]+\}\}$/

function filled(value: unknown, path: TextPath, fill: (text: string, path: TextPath) => string): unknown {
  if (typeof value === 'string') {
    return NUMBER.test(value) ? Number(fill(value.replace('number:', ''), path)) : fill(value, path)
  }
  if (Array.isArray(value)) return value.map((item, index) => filled(item, [...path, index], fill))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, [...path, key], fill)]))
}
