import type { Answer } from '../call.ts'

type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value at a path in a response; undefined if the path does not exist. */
export function inside(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (isFields(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  )
}

/** The reason for a refusal, as the server gives it. */
export function refusal({ status, body }: Answer): string {
  const error = inside(body, 'error')
  const reason = inside(error, 'reason') ?? error
  return `${status}${typeof reason === 'string' ? `: ${reason.slice(0, 300)}` : ''}`
}
