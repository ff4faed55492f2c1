import { type RequestPart, requestParts } from '../model/request.ts'

/**
 * A truth value of Kleene's strong logic. Unknown is the set of the parts of the request that are missing, a bit for each in
 * the order of `requestParts`; it is never empty.
 */
export type Truth = number

export const FALSE: Truth = 0
export const TRUE: Truth = 1 << requestParts.length

export const unknownWithout = (part: RequestPart): Truth => 1 << requestParts.indexOf(part)

export const isUnknown = (truth: Truth): boolean => truth !== FALSE && truth !== TRUE

export const truthOf = (holds: boolean): Truth => (holds ? TRUE : FALSE)

export function and(a: Truth, b: Truth): Truth {
  if (a === FALSE || b === FALSE) return FALSE
  return (a | b) === TRUE ? TRUE : (a | b) & ~TRUE
}

export const or = (a: Truth, b: Truth): Truth => (a === TRUE || b === TRUE ? TRUE : a | b)

export const not = (a: Truth): Truth => (a === FALSE ? TRUE : a === TRUE ? FALSE : a)

/** The missing parts of an unknown. */
export const partsOf = (unknown: Truth): readonly RequestPart[] =>
  requestParts.filter((_, bit) => (unknown & (1 << bit)) !== 0)
