import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { withPaths } from '../core/config/paths.ts'
import { path } from '../core/config/schema.ts'
import { POLICY_NAME } from './model/policy.ts'

/** Each is a label value with a series for each decision and pair of zones. */
const MAX_CANDIDATES = 4

const candidateSchema = z.strictObject({
  file: path().describe('The policy, in the text form.'),
  name: z
    .string()
    .regex(
      POLICY_NAME,
      'is no name; a name has letters, digits, hyphens, dots and underscores, at most 63, and begins and ends with a letter or digit',
    )
    .meta({ expects: 'text', placeholder: '<text>' })
    .exactOptional()
    .describe(
      'Value of the label `policy`, different for each. Default: the name in the file, else the name of the file.',
    ),
})

/** Section `policy`. */
export const policySchema = z
  .strictObject({
    shadow: z
      .array(candidateSchema)
      .max(MAX_CANDIDATES)
      .prefault([])
      .describe(
        `Candidate policies, at most ${MAX_CANDIDATES}: the exporter counts what each would have decided on flows, and enforces nothing. Files are read at the start and at each reload.`,
      ),
  })
  .prefault({})
  .describe('Allow-lists as code; see [policy.md](policy.md).')

export type PolicyConfig = z.output<typeof policySchema>
export type CandidateConfig = z.output<typeof candidateSchema>

/** Resolves relative paths against the folder of the configuration file. */
export const resolvePolicyPaths = (config: PolicyConfig, folder: string): PolicyConfig =>
  withPaths(config, /^file$/, file => (isAbsolute(file) ? file : join(folder, file)))
