import { z } from 'zod'
import type { TextMatcher } from '../trust-zones.ts'
import { parsePattern } from './pattern.ts'
import { parsed } from './schema.ts'

/** A text to be equal to, or an expression to match if it starts with `~`. */
export const matcher = () =>
  parsed(
    { expects: 'a text, or ~ and a valid regular expression', placeholder: '<matcher>' },
    (value): TextMatcher | undefined => (value.startsWith('~') ? parsePattern(value.slice(1)) : value || undefined),
  )

/** One or more of them, one of which must match. */
export const matchers = (description: string) => z.array(matcher()).min(1).exactOptional().describe(description)
