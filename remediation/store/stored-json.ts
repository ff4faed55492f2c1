import { parseJson } from '../../core/json.ts'

/** Shown in the place of what cannot be read. */
export const DAMAGED = 'this row of the ledger is damaged'

/** A stored value; undefined if the text is not JSON of this form. One damaged row must not fail a query of many. */
export function storedJson<T>(text: unknown, isValid: (value: unknown) => value is T): T | undefined {
  const value = parseJson(String(text))
  return isValid(value) ? value : undefined
}

export const isPresent = (value: unknown): value is unknown => value !== undefined
