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
export function renderRequest(template: Template, facts: Facts, address: Address): RenderedRequest {
  const escaped = escapes[template.escape]
  const own: Readonly<Record<string, string>> = {
    token: address.token,
    token_base64: Buffer.from(address.token).toString('base64'),
    ...Object.fromEntries(Object.entries(address.fields).map(([key, value]) => [`fields.${key}`, value])),
  }
  const named = (name: string) => own[name] ?? escaped(facts[name] ?? '')
  const fill = (text: string) => text.replace(/\{\{([\w.]+)\}\}/g, (_, name: string) => named(name))
  const headers = Object.entries(template.headers).filter(
    ([, value]) => address.token !== '' || !value.includes('{{token'),
  )
  const base = address.url ?? fill(template.url ?? '')
  return {
    url: template.path === undefined ? base : base.replace(/\/$/, '') + template.path,
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(headers.map(([key, value]) => [key, fill(value)])),
    },
    body: JSON.stringify(filled(template.body, fill)),
  }
}

function filled(value: unknown, fill: (text: string) => string): unknown {
  if (typeof value === 'string') return fill(value)
  if (Array.isArray(value)) return value.map(item => filled(item, fill))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, fill)]))
}
