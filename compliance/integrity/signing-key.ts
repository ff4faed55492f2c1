import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { Fault } from '../../core/errors.ts'
import { canonical, sha256 } from '../model/digest.ts'

/** An ed25519 public key: SPKI as DER in base64, and the SHA-256 of the DER. */
export interface PublicKey {
  readonly fingerprint: string
  readonly publicKey: string
}

/** The key `from` says that the key `to` takes its place. */
export interface KeyRotation {
  readonly kind: 'clawtrust-report-key-rotation'
  readonly version: 1
  /** Fingerprint of the earlier key. */
  readonly from: string
  readonly to: string
  /** The later key. */
  readonly publicKey: string
  /** ISO 8601. */
  readonly at: string
  /** By the earlier key, over the canonical form of all other members; base64. */
  readonly signature: string
}

/** What signs manifests, with the rotations that led to it, the oldest first. */
export interface SigningKey extends PublicKey {
  readonly rotations: readonly KeyRotation[]
  sign(bytes: Uint8Array): Uint8Array
}

/** A new key as PEM: PKCS #8, and SPKI. */
export function newKeyPair(): { readonly privatePem: string; readonly publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return { privatePem: privateKey, publicPem: publicKey }
}

/** @throws Fault unless it is an ed25519 private key */
export function signingKey(privatePem: string, rotations: readonly KeyRotation[] = []): SigningKey {
  const key = parsed(() => createPrivateKey(privatePem), 'a private key')
  return { ...describe(createPublicKey(key)), rotations, sign: bytes => sign(null, bytes, key) }
}

/** @throws Fault unless it is an ed25519 public key */
export const publicKeyOf = (publicPem: string): PublicKey =>
  describe(parsed(() => createPublicKey({ key: publicPem, format: 'pem', type: 'spki' }), 'a public key'))

/** True if the key, base64 of DER, signed exactly these bytes. */
export function isSignedBy(publicKey: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  const key = derKey(publicKey)
  return key !== undefined && verify(null, bytes, key, signature)
}

/** The record by which a key passes its place on to a new one. */
export function rotate(from: SigningKey, to: PublicKey, at: string): KeyRotation {
  const record = {
    kind: 'clawtrust-report-key-rotation',
    version: 1,
    from: from.fingerprint,
    to: to.fingerprint,
    publicKey: to.publicKey,
    at,
  } as const
  return { ...record, signature: Buffer.from(from.sign(Buffer.from(canonical(record)))).toString('base64') }
}

/** True if the rotations lead from one key to the other. The same key needs none. */
export function leadsTo(from: PublicKey, to: PublicKey, rotations: readonly KeyRotation[]): boolean {
  let current = from
  for (const rotation of rotations) {
    if (current.fingerprint === to.fingerprint) return true
    if (rotation.from !== current.fingerprint) continue
    const { signature, ...record } = rotation
    const next = derKey(rotation.publicKey)
    if (next === undefined || describe(next).fingerprint !== rotation.to) return false
    const bytes = Buffer.from(canonical(record))
    if (!isSignedBy(current.publicKey, bytes, Buffer.from(signature, 'base64'))) return false
    current = describe(next)
  }
  return current.fingerprint === to.fingerprint
}

/** True if the fingerprint is that of the key. */
export const isConsistent = ({ fingerprint, publicKey }: PublicKey): boolean => {
  const key = derKey(publicKey)
  return key !== undefined && describe(key).fingerprint === fingerprint
}

function derKey(publicKey: string): KeyObject | undefined {
  try {
    const der = Buffer.from(publicKey, 'base64')
    // Base64 has several texts for the same bytes, and only one of them is ours.
    if (der.toString('base64') !== publicKey) return undefined
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ed25519' ? key : undefined
  } catch {
    return undefined
  }
}

function describe(key: KeyObject): PublicKey {
  const der = key.export({ type: 'spki', format: 'der' })
  return { fingerprint: sha256(der), publicKey: der.toString('base64') }
}

function parsed(read: () => KeyObject, what: string): KeyObject {
  let key: KeyObject
  try {
    key = read()
  } catch (cause) {
    throw new Fault(`does not hold ${what} as PEM`, { cause })
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Fault(`holds ${what} that is not of the kind ed25519`)
  return key
}
