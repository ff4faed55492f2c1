/**
 * Whether an identity is in use: `unused` where its records prove that it was not used for `identities.unused_after`;
 * `unknown` where they prove neither.
 */
export const identityUsages = ['used', 'unused', 'unknown'] as const
export type IdentityUsage = (typeof identityUsages)[number]
