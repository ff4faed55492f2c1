import { type KeyObject, X509Certificate } from 'node:crypto'
import type { EpochMs } from '../../../core/clock.ts'

/** What is compared of a certificate. Its texts are its issuer's. */
export interface CertificateFacts {
  readonly subject: string
  readonly issuer: string
  readonly validFrom: EpochMs
  readonly expires: EpochMs
  /** SHA-256 of the whole certificate. */
  readonly fingerprint: string
  /** Its public key, such as `RSA 2048`. */
  readonly key: string
  /** What of it is weak, such as `RSA 1024`; absent where nothing is. */
  readonly weakness?: string
}

/** Certificates of one chain that are looked at. */
export const MAX_CHAIN = 10
/** Longest subject or issuer that is kept, in UTF-16 units. */
const MAX_NAME = 500
/** NIST SP 800-57 part 1: fewer bits give less than 112 bits of security. */
const LEAST_BITS: Readonly<Record<string, number>> = { RSA: 2048, 'RSA-PSS': 2048, DSA: 2048, DH: 2048, EC: 256 }
/** Signatures over a hash with known collisions, MD2 to SHA-1 (RFC 9155), by their object identifiers. */
const WEAK_SIGNATURES: readonly string[] = [
  '1.2.840.113549.1.1.2',
  '1.2.840.113549.1.1.3',
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.2.840.10045.4.1',
  '1.2.840.10040.4.3',
  '1.3.14.3.2.27',
  '1.3.14.3.2.29',
]

const BEGIN = '-----BEGIN CERTIFICATE-----'
const END = '-----END CERTIFICATE-----'

/** The certificates of a PEM text, in its order; what is between them, such as a key, is skipped. */
export function certificatesOf(pem: string): readonly CertificateFacts[] {
  const found: X509Certificate[] = []
  for (let from = pem.indexOf(BEGIN); from >= 0 && found.length < MAX_CHAIN; from = pem.indexOf(BEGIN, from + 1)) {
    const end = pem.indexOf(END, from)
    const certificate = end < 0 ? undefined : parse(pem.slice(from, end + END.length))
    if (certificate !== undefined) found.push(certificate)
  }
  return distinct(found)
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

/** Of each subject the first: a chain may have one twice, signed across. */
export function distinct(chain: readonly X509Certificate[]): readonly CertificateFacts[] {
  const bySubject = new Map<string, CertificateFacts>()
  for (const certificate of chain.slice(0, MAX_CHAIN)) {
    const facts = factsOf(certificate)
    if (Number.isFinite(facts.expires) && !bySubject.has(facts.subject)) bySubject.set(facts.subject, facts)
  }
  return [...bySubject.values()]
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  const { type, bits } = keyOf(certificate)
  const key = bits === undefined ? type : `${type} ${bits}`
  const isShort = bits !== undefined && bits < (LEAST_BITS[type] ?? 0)
  const weakness = isShort ? key : weakSignature(certificate)
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    validFrom: certificate.validFromDate.getTime(),
    expires: certificate.validToDate.getTime(),
    fingerprint: certificate.fingerprint256,
    key,
    ...(weakness !== undefined && { weakness }),
  }
}

const CURVE_BITS = /^[a-zA-Z-]{0,24}?(\d{2,4})/

function keyOf(certificate: X509Certificate): { readonly type: string; readonly bits?: number } {
  const { asymmetricKeyType = 'unknown', asymmetricKeyDetails: { modulusLength, namedCurve } = {} } =
    publicKeyOf(certificate) ?? {}
  const type = asymmetricKeyType.toUpperCase()
  if (namedCurve === undefined) return { type, ...(modulusLength !== undefined && { bits: modulusLength }) }
  const bits = CURVE_BITS.exec(namedCurve)?.[1]
  return { type, ...(bits !== undefined && { bits: Number(bits) }) }
}

/** Undefined where its kind of key is not known. */
function publicKeyOf(certificate: X509Certificate): KeyObject | undefined {
  try {
    return certificate.publicKey
  } catch {
    return undefined
  }
}

/** Nobody verifies the signature of a certificate that signs itself: who trusts it trusts its key. */
function weakSignature(certificate: X509Certificate): string | undefined {
  const { signatureAlgorithm, signatureAlgorithmOid, subject, issuer } = certificate
  if (subject === issuer || !WEAK_SIGNATURES.includes(signatureAlgorithmOid)) return undefined
  return signatureAlgorithm ?? signatureAlgorithmOid
}

/** A distinguished name on one line, the most specific part first as in RFC 4514. */
const oneLine = (name: string | undefined): string =>
  (name ?? '').trimEnd().split('\n').reverse().join(',').slice(0, MAX_NAME).toWellFormed()
