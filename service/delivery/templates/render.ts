import { escapes } from './escape.ts'
import type { Template } from './template.ts'

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

/** Renders a template; pure. For a destination without a token, headers that contain it are left out. */
export function renderRequest(shipped: Template, facts: Facts, address: Address): RenderedRequest {
  const replyTo = lastSegment(facts.thread_reference ?? '')
  const template = replyTo === undefined ? shipped : { ...shipped, ...shipped.reply }
  const escaped = escapes[template.escape]
  const own: Readonly<Record<string, string>> = {
    token: address.token,
    token_base64: Buffer.from(address.token).toString('base64'),
    reply_to: replyTo ?? '',
    ...Object.fromEntries(Object.entries(address.fields).map(([key, value]) => [`fields.${key}`, value])),
  }
  const named = (name: string) => own[name] ?? escaped(facts[name] ?? '')
  const fill = (text: string) => text.replace(/\{\{([\w.]+)\}\}/g, (_, name: string) => named(name))
  const headers = Object.entries(template.headers).filter(
    ([, value]) => address.token !== '' || !value.includes('{{token'),
  )
  const base = address.url ?? fill(template.url ?? '')
  return {
    url: template.path === undefined ? base : base.replace(/\/$/, '') + fill(template.path),
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(headers.map(([key, value]) => [key, fill(value)])),
    },
    body: JSON.stringify(filled(template.body, fill)),
  }
}

/** `7` of `https://github.com/o/r/issues/7`, `SEC-7` of `SEC-7`: what can be one segment of a path, and nothing else. */
const lastSegment = (reference: string): string | undefined => /(?:^|\/)([\w-]{1,64})$/.exec(reference)?.[1]

/** A text that is nothing but this is a number in the body. */
const NUMBER = /^\{\{number:[\w.]+\}\}$/

function filled(value: unknown, fill: (text: string) => string): unknown {
  if (typeof value === 'string') return NUMBER.test(value) ? Number(fill(value.replace('number:', ''))) : fill(value)
  if (Array.isArray(value)) return value.map(item => filled(item, fill))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, fill)]))
}
