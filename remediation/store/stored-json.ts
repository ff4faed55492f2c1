/** Shown in the place of what cannot be read. */
export const DAMAGED = 'this row of the ledger is damaged'

/** A stored value; undefined if the text is not JSON of this form. One damaged row must not fail a query of many. */
export function storedJson<T>(text: unknown, isValid: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(String(text))
    return isValid(value) ? value : undefined
  } catch {
    return undefined
  }
}

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isPresent = (value: unknown): value is unknown => value !== undefined
