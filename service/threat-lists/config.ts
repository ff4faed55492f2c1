import { z } from 'zod'
import { DAY_MS, MINUTE_MS } from '../../core/clock.ts'
import { duration, path, text, wholeNumber } from '../../core/config/schema.ts'
import { type ListFormat, type ListFormatName, listFormats } from './list-formats.ts'

const formatsHelp = [
  '`auto`: recognised by its beginning',
  ...Object.entries<ListFormat>(listFormats).map(([format, { help }]) => `\`${format}\`: ${help}`),
].join('. ')

/** A list of threat intelligence, in the configuration of both services. */
export const threatListSchema = z.strictObject({
  name: text().describe('The name of the source in verdicts.'),
  file: path().describe('The file; update it by a timer.'),
  format: z
    .enum(['auto', ...Object.keys(listFormats)] as ['auto', ListFormatName])
    .prefault('auto')
    .describe(`The format of the file. ${formatsHelp}.`),
  column: wholeNumber(1, 64).prefault(1).describe('The column of formats with columns, counted from 1.'),
  allow_empty: z
    .boolean()
    .prefault(false)
    .describe(
      'Whether a list without entries is valid. Otherwise it is an error, and the last good list stays in use.',
    ),
  verdict: z.enum(['malicious', 'benign']).prefault('malicious').describe('The verdict on addresses on the list.'),
  max_age: duration(MINUTE_MS, 365 * DAY_MS)
    .prefault('2d')
    .describe('Lists that are older are not used.'),
})

export type ThreatListConfig = z.output<typeof threatListSchema>
