import type { EpochMs } from '../../../core/clock.ts'
import type { Severity } from '../../../core/labels/event.ts'
import type { DriftKind } from '../../../core/labels/posture.ts'
import type { Drift } from '../observed/drift.ts'
import type { CertificateFacts } from './facts.ts'

/** What was found in a place, the certificate of the server or client itself first. */
export interface Chain {
  readonly certificates: readonly CertificateFacts[]
  /** Of an endpoint: why its chain does not lead to a trusted authority, apart from the dates. */
  readonly distrust?: string
}

/** Of a certificate that was not there before. */
const UNKNOWN = 'unknown'

/**
 * What has changed in a place. That of the server or client itself is compared with the one that was there before,
 * whatever its subject is; the others of the chain with those of the same subject.
 */
export function compareChains(place: string, before: Chain | undefined, after: Chain, lookedAt: Looks): Drift[] {
  const known = before?.certificates ?? []
  const drifts = after.certificates.flatMap((certificate, position) => {
    const earlier = position === 0 ? known[0] : known.find(({ subject }) => subject === certificate.subject)
    return compareCertificates(place, earlier, certificate, lookedAt)
  })
  if (after.distrust === undefined || after.distrust === before?.distrust) return drifts
  const from = before === undefined ? UNKNOWN : (before.distrust ?? 'trusted')
  const change = { subject: place, from, to: after.distrust }
  return [...drifts, { kind: 'certificate_untrusted', severity: 'high', change }]
}

/** The times of the look before and of this one. */
export interface Looks {
  readonly before: EpochMs | undefined
  readonly now: EpochMs
}

function compareCertificates(
  place: string,
  before: CertificateFacts | undefined,
  after: CertificateFacts,
  { before: earlier, now }: Looks,
): Drift[] {
  const drifts: Drift[] = []
  const add = (kind: DriftKind, severity: Severity, from: string, to: string) =>
    drifts.push({ kind, severity, change: { subject: `${place} ${after.subject}`, from, to } })
  if (before !== undefined && before.issuer !== after.issuer) {
    add('certificate_issuer_changed', 'high', before.issuer, after.issuer)
  } else if (before !== undefined && before.fingerprint !== after.fingerprint) {
    add('certificate_renewed', 'info', validity(before), validity(after))
  }
  if (after.weakness !== undefined && after.weakness !== before?.weakness) {
    add('certificate_weak', 'high', before?.weakness ?? before?.key ?? UNKNOWN, after.weakness)
  }
  const isSame = before?.fingerprint === after.fingerprint
  const wasReported = isSame && earlier !== undefined && after.validFrom > earlier
  if (after.validFrom > now && !wasReported) {
    add('certificate_not_yet_valid', 'medium', before === undefined ? UNKNOWN : validity(before), validity(after))
  }
  return drifts
}

/** From 1970 to 9999 each time of a certificate has this form. */
const day = (time: EpochMs): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ')

const validity = ({ validFrom, expires }: CertificateFacts): string => `${day(validFrom)} to ${day(expires)} UTC`
