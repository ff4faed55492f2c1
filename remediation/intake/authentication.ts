import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { EpochMs } from '../../core/clock.ts'
import type { Secret } from '../../core/secret.ts'
import { isBearer } from '../../service/http/roles.ts'

export type Headers = Readonly<Record<string, string | string[] | undefined>>

/** Credentials of alert senders. Without either, the web configuration alone controls access. */
export interface Credentials {
  readonly bearerToken?: Secret
  readonly grafana?: GrafanaSignature
}

export interface GrafanaSignature {
  readonly secret: Secret
  readonly signatureHeader: string
  readonly timestampHeader: string
  /** Milliseconds that the signed time may be from now. */
  readonly replayWindow: number
}

/** True where the header holds this token; takes as long for every wrong one. */
export function hasBearerToken(headers: Headers, token: Secret): boolean {
  return isBearer(String(headers.authorization ?? ''), token)
}

/**
 * Why a request is refused by the headers of its signature alone, before its body is read. Without a time it could be
 * sent again for ever.
 */
export function signatureHeaderRefusal(
  headers: Headers,
  { signatureHeader, timestampHeader, replayWindow }: Omit<GrafanaSignature, 'secret'>,
  now: EpochMs,
): string | undefined {
  const timestamp = headers[timestampHeader.toLowerCase()]
  if (typeof headers[signatureHeader.toLowerCase()] !== 'string') return `no header ${signatureHeader}`
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) return `no time in header ${timestampHeader}`
  const apart = Math.abs(now - Number(timestamp) * 1_000)
  return apart > replayWindow ? 'the time is not within the replay window' : undefined
}

/**
 * Why a signed request is refused, or undefined. Grafana signs `<unix seconds>:<raw body>` with HMAC-SHA256 in
 * hexadecimal.
 */
export function signatureRefusal(
  headers: Headers,
  body: Uint8Array,
  signed: GrafanaSignature,
  now: EpochMs,
): string | undefined {
  const { secret, signatureHeader, timestampHeader } = signed
  const refusal = signatureHeaderRefusal(headers, signed, now)
  if (refusal !== undefined) return refusal
  const [signature, timestamp] = [signatureHeader, timestampHeader].map(name => String(headers[name.toLowerCase()]))
  const expected = createHmac('sha256', secret.reveal()).update(`${timestamp}:`).update(body).digest('hex')
  return sameText(String(signature).toLowerCase(), expected) ? undefined : 'the signature is wrong'
}

/** Compares hashes, which have one length whatever the texts have. */
function sameText(one: string, other: string): boolean {
  return timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'))
}
