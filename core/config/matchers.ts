import { z } from 'zod'
import type { TextMatcher } from '../trust-zones.ts'
import { parsePattern } from './pattern.ts'
import { parsed } from './schema.ts'

/** One or more texts, one of which must be equal, or match if it starts with `~`. */
export const matchers = (description: string) =>
  z
    .array(
      parsed(
        { expects: 'a text, or ~ and a valid regular expression', placeholder: '<matcher>' },
        (value): TextMatcher | undefined => (value.startsWith('~') ? parsePattern(value.slice(1)) : value || undefined),
      ),
    )
    .min(1)
    .exactOptional()
    .describe(description)
