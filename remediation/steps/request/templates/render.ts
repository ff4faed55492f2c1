import { escapes } from './escape.ts'
import type { Template } from './template.ts'

/** What a template can name, beside `token` and the destination's `fields`. */
export interface DeliveryFacts {
  readonly delivery: string
  readonly incident: string
  readonly playbook: string
  readonly target: string
  /** The target where it is an address or network; where it is others' text, words of our own. */
  readonly address: string
  readonly state: string
  readonly summary: string
  readonly verdict: string
  readonly country: string
  /** ISO 8601, or a word. */
  readonly expires: string
  /** Where a person approves or looks; empty where no address is configured. */
  readonly link: string
  readonly link_sentence: string
  /** The alert as JSON: written by others. */
  readonly alert: string
  /** Random: marks where the words of others begin and end. */
  readonly nonce: string
}

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

/** Fills a template; pure. Headers of a destination without a token leave out what needs one. */
export function renderRequest(template: Template, facts: DeliveryFacts, address: Address): RenderedRequest {
  const escaped = escapes[template.escape]
  const own: Readonly<Record<string, string>> = {
    token: address.token,
    token_base64: Buffer.from(address.token).toString('base64'),
    ...Object.fromEntries(Object.entries(address.fields).map(([key, value]) => [`fields.${key}`, value])),
  }
  const named = (name: string) => own[name] ?? escaped(facts[name as keyof DeliveryFacts] ?? '')
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
