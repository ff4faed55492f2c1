import { z } from 'zod'
import { DAY_MS, HOUR_MS } from '../clock.ts'
import { matcher, matchers } from './matchers.ts'
import { duration, text } from './schema.ts'

const NAMES = 'by name or id; a token of a device is `DEVICE/ROLE`, with the name that an operator gave the device'

/** Section `identities`. */
export const identitiesSchema = z
  .strictObject({
    unused_after: duration(DAY_MS, 400 * DAY_MS)
      .prefault('90d')
      .describe('Time without a sign-in after which an account or a token of a device is a finding.'),
    secret_max_age: duration(DAY_MS, 4_000 * DAY_MS)
      .prefault('365d')
      .describe('Age of the secret of a client, or of a token of a device, after which it is a finding.'),
    observation_gap: duration(HOUR_MS, 60 * DAY_MS)
      .prefault('3d')
      .describe(
        'Longest time between two sign-ins of one kind in a realm that may pass for normal; after a longer one the log may have been incomplete, and the observation begins again. It is shorter than `unused_after`.',
      ),
    ignore: matchers(`Identities of which nothing is a finding, such as accounts for emergencies: ${NAMES}.`),
  })
  .superRefine(({ unused_after, observation_gap }, context) => {
    // Otherwise a gap of the log alone would prove that nothing was used.
    if (observation_gap < unused_after) return
    context.addIssue({ code: 'custom', path: ['observation_gap'], message: 'must be shorter than unused_after' })
  })
  .prefault({})
  .describe('Life of identities: accounts of identity providers, and tokens of devices at gateways.')

const identityRoleSchema = z.strictObject({
  role: text().describe('Name of the role, for people.'),
  identities: z
    .array(matcher())
    .min(1)
    .describe(`Who has the role, ${NAMES}. The first entry that matches an identity applies.`),
  scopes: z
    .array(matcher())
    .describe('What it may hold: scopes of tokens and names of roles at the identity provider.'),
})

/** Section `identity_roles`. */
export const identityRolesSchema = z
  .array(identityRoleSchema)
  .prefault([])
  .describe(
    'Roles of identities and the scopes that each may hold. A scope that is not among them is a finding, and so is a client or a token of a device that has scopes and no role here.',
  )

export type IdentitiesConfig = z.output<typeof identitiesSchema>
export type IdentityRole = z.output<typeof identityRoleSchema>
