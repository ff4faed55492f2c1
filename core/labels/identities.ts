import type { AccountKind } from './authentication.ts'

/** Label values of `clawtrust_identities`: what can act with rights of its own. */
export const identityKinds = ['user', 'client', 'device_token'] as const satisfies readonly AccountKind[]

/**
 * Whether an identity is in use: `unused` where its records prove that it was not used for `identities.unused_after`;
 * `unknown` where they prove neither.
 */
export const identityUsages = ['used', 'unused', 'unknown'] as const
export type IdentityUsage = (typeof identityUsages)[number]
