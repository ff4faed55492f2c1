import { DAY_MS, type EpochMs, HOUR_MS } from '../../../core/clock.ts'
import type { DemoMomentName } from './demo-moments.ts'

/** How often something happens of itself. */
export interface Habit {
  readonly moment: DemoMomentName
  /** Expected number in an hour of full activity. */
  readonly perHour: number
  readonly rhythm: 'office' | 'steady' | 'internet'
}

/**
 * A demo gateway's ordinary life: people who work by day, agents that never sleep, and the noise of the Internet. Draws
 * are made in this order: a habit at the end leaves all before it as they are.
 */
export const habits: readonly Habit[] = [
  { moment: 'signedIn', perHour: 60, rhythm: 'office' },
  { moment: 'wrongToken', perHour: 9, rhythm: 'office' },
  { moment: 'wrongPassword', perHour: 3, rhythm: 'office' },
  { moment: 'wrongDeviceToken', perHour: 2, rhythm: 'office' },
  { moment: 'staleSignature', perHour: 1.5, rhythm: 'office' },
  { moment: 'noDeviceIdentity', perHour: 2, rhythm: 'internet' },
  { moment: 'notPaired', perHour: 1, rhythm: 'office' },
  { moment: 'foreignOrigin', perHour: 1, rhythm: 'internet' },
  { moment: 'oldProtocol', perHour: 1, rhythm: 'internet' },
  { moment: 'noHandshake', perHour: 3, rhythm: 'internet' },
  { moment: 'invalidRole', perHour: 0.3, rhythm: 'internet' },
  { moment: 'lockedOut', perHour: 0.3, rhythm: 'office' },
  { moment: 'hookThrottled', perHour: 0.4, rhythm: 'internet' },
  { moment: 'hookRouteBlocked', perHour: 3, rhythm: 'internet' },
  { moment: 'searchRouteBlocked', perHour: 4, rhythm: 'internet' },
  { moment: 'modelRouteBlocked', perHour: 2, rhythm: 'steady' },
  { moment: 'pairingScopeMissing', perHour: 6, rhythm: 'office' },
  { moment: 'adminScopeMissing', perHour: 5, rhythm: 'office' },
  { moment: 'fetchBlocked', perHour: 2, rhythm: 'steady' },
  { moment: 'execDenied', perHour: 3, rhythm: 'steady' },
  { moment: 'egressAllowed', perHour: 20, rhythm: 'steady' },
  { moment: 'egressDenied', perHour: 0.5, rhythm: 'steady' },
  { moment: 'toolBlocked', perHour: 2, rhythm: 'steady' },
  { moment: 'commandsWithheld', perHour: 0.5, rhythm: 'steady' },
  { moment: 'writesLimited', perHour: 0.2, rhythm: 'office' },
  { moment: 'pairingApproved', perHour: 0.5, rhythm: 'office' },
  { moment: 'scopeUpgrade', perHour: 0.3, rhythm: 'office' },
  { moment: 'roleUpgrade', perHour: 0.1, rhythm: 'office' },
  { moment: 'metadataUpgrade', perHour: 0.3, rhythm: 'office' },
  { moment: 'tokenRotated', perHour: 0.4, rhythm: 'office' },
  { moment: 'tokenRevoked', perHour: 0.1, rhythm: 'office' },
  { moment: 'configReloaded', perHour: 0.8, rhythm: 'office' },
  { moment: 'configPatched', perHour: 0.4, rhythm: 'office' },
  { moment: 'signedOnAtProvider', perHour: 12, rhythm: 'office' },
  { moment: 'certificateShown', perHour: 6, rhythm: 'steady' },
  { moment: 'otherCertificateShown', perHour: 4, rhythm: 'office' },
  { moment: 'certificateMissing', perHour: 2, rhythm: 'internet' },
  { moment: 'certificateExpired', perHour: 0.5, rhythm: 'office' },
  { moment: 'approvalGranted', perHour: 3, rhythm: 'office' },
  { moment: 'approvalDenied', perHour: 0.5, rhythm: 'office' },
  { moment: 'approvalAutomatic', perHour: 2, rhythm: 'steady' },
  { moment: 'approvalExpired', perHour: 0.3, rhythm: 'office' },
  { moment: 'postureAudited', perHour: 6, rhythm: 'steady' },
  { moment: 'versionReported', perHour: 6, rhythm: 'steady' },
  { moment: 'guardAllowed', perHour: 40, rhythm: 'steady' },
  { moment: 'guardBlocked', perHour: 1, rhythm: 'steady' },
  { moment: 'agentsReachGateway', perHour: 12, rhythm: 'steady' },
  { moment: 'gatewayReachesSearch', perHour: 6, rhythm: 'steady' },
  { moment: 'agentsWouldBeDenied', perHour: 2, rhythm: 'office' },
  { moment: 'agentsDeniedSearch', perHour: 0.5, rhythm: 'steady' },
]

/** Share of full activity at a time (UTC): office hours on working days, a swell over the day for the Internet. */
export function activity(rhythm: Habit['rhythm'], time: EpochMs): number {
  const hour = (time % DAY_MS) / HOUR_MS
  const noon = 0.5 + 0.5 * Math.cos(((hour - 13) / 24) * 2 * Math.PI)
  if (rhythm === 'steady') return 1
  if (rhythm === 'internet') return 0.6 + 0.4 * noon
  // 1970-01-01 was a Thursday.
  const weekday = (Math.floor(time / DAY_MS) + 4) % 7
  const working = weekday >= 1 && weekday <= 5 ? 1 : 0.2
  return working * (0.05 + 0.95 * noon ** 3)
}

/** Part of the attack: something that happens much more often than by habit. */
export interface AttackPhase {
  readonly moment: DemoMomentName
  /** Hours from the beginning of the attack day. */
  readonly from: number
  readonly to: number
  /** Evenly over the phase. */
  readonly times: number
  /** How many addresses take part, each as often as the others. */
  readonly addresses: number
  /** The addresses take part one after another instead of by turns. */
  readonly successive?: true
}

/**
 * One day on which an attacker gets in: guessing, spraying, borrowed devices, more rights, then what they are used for.
 * A table and no draw, so that the attack is the same on every date. An address that sprays tries 30 identities in 9
 * minutes, three times as many as the signal demands of 15 minutes.
 */
export const attackDay: readonly AttackPhase[] = [
  { moment: 'searchRouteBlocked', from: 1, to: 2, times: 300, addresses: 3 },
  { moment: 'modelRouteBlocked', from: 1.5, to: 2, times: 120, addresses: 3 },
  { moment: 'wrongToken', from: 2, to: 2.5, times: 400, addresses: 1 },
  { moment: 'lockedOut', from: 2.05, to: 2.75, times: 500, addresses: 1 },
  { moment: 'wrongPassword', from: 4, to: 6, times: 480, addresses: 120 },
  { moment: 'passwordSprayed', from: 4, to: 5.8, times: 360, addresses: 12, successive: true },
  { moment: 'signedOnAtProvider', from: 5.8, to: 6.2, times: 24, addresses: 6 },
  { moment: 'certificateForeign', from: 6.2, to: 6.9, times: 140, addresses: 3 },
  { moment: 'hookRouteBlocked', from: 7, to: 7.5, times: 200, addresses: 4 },
  { moment: 'hookThrottled', from: 7.2, to: 7.7, times: 40, addresses: 4 },
  { moment: 'badSignature', from: 8, to: 8.5, times: 90, addresses: 2 },
  { moment: 'nonceMismatch', from: 8.2, to: 8.5, times: 40, addresses: 2 },
  { moment: 'scopeUpgrade', from: 9, to: 9.4, times: 30, addresses: 1 },
  { moment: 'roleUpgrade', from: 9.2, to: 9.5, times: 12, addresses: 1 },
  { moment: 'deviceApprovedItself', from: 9.3, to: 9.5, times: 3, addresses: 1 },
  { moment: 'approvalGrantedUnread', from: 10, to: 10.5, times: 60, addresses: 1 },
  { moment: 'adminScopeMissing', from: 10, to: 10.7, times: 180, addresses: 1 },
  { moment: 'fetchBlocked', from: 10.5, to: 11, times: 60, addresses: 1 },
  { moment: 'execDenied', from: 10.5, to: 11, times: 80, addresses: 1 },
  { moment: 'egressDenied', from: 10.8, to: 11.2, times: 60, addresses: 1 },
  { moment: 'configAnomaly', from: 11, to: 11.2, times: 6, addresses: 1 },
  { moment: 'writesLimited', from: 11.1, to: 11.3, times: 20, addresses: 1 },
  { moment: 'approvalExpired', from: 11.7, to: 11.9, times: 4, addresses: 1 },
  { moment: 'guardFailedOpen', from: 10.4, to: 10.5, times: 2, addresses: 1 },
  { moment: 'agentsDeniedSearch', from: 10.6, to: 11.1, times: 50, addresses: 1 },
]
