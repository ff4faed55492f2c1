/**
 * Label values of approvals, besides their decision (policy.ts).
 * The sets are closed. A value of a log line never becomes a label value of a domain series.
 */

/**
 * How long after its request an approval was granted by a person. `5s`: too soon to have read the command.
 * `unknown`: no request was found for it.
 */
export const grantDelays = ['5s', '1m', '10m', 'longer', 'unknown'] as const
export type GrantDelay = (typeof grantDelays)[number]

/** What was approved by the one that asked for it: a command, or the pairing or scopes of a device. */
export const selfApprovalSubjects = ['exec', 'device'] as const
export type SelfApprovalSubject = (typeof selfApprovalSubjects)[number]
