import { bytesOf, type Check, type ProblemKind, problem } from './check.ts'
import { MANIFEST_FILE, type Manifest, SIGNATURE_FILE } from './manifest.ts'
import { isConsistent, isSignedBy, leadsTo, type PublicKey } from './signing-key.ts'

const UNSIGNED =
  'There is no signature: the hashes show that the files belong together, not who wrote them. Anyone who can write to the folder could have made all of them again.'

/** Whether the manifest was signed by the key that it names, and whether the reader trusts that key. */
export function checkSignature(check: Check, manifest: Manifest): void {
  const { key } = manifest
  const wrong = key === null ? wrongWithoutKey(check) : wrongSignature(check, key)
  if (wrong !== undefined) problem(check, wrong.kind, wrong.file, wrong.detail)
  else if (key === null) check.limits.push(UNSIGNED)
  else checkKey(check, key)
}

interface Wrong {
  readonly kind: ProblemKind
  readonly file: string
  readonly detail: string
}

const signature = (detail: string): Wrong => ({ kind: 'signature', file: SIGNATURE_FILE, detail })

function wrongWithoutKey({ folder, options }: Check): Wrong | undefined {
  if (folder.files.has(SIGNATURE_FILE)) return signature('there is a signature, but the manifest names no key')
  if (options.trusted.length === 0) return undefined
  return signature('the report is not signed, and a key was given that should have signed it')
}

function wrongSignature(check: Check, key: PublicKey): Wrong | undefined {
  const bytes = bytesOf(check, SIGNATURE_FILE)
  if (bytes === undefined) return signature('the manifest names a key, but its signature is missing')
  if (!isConsistent(key)) {
    return { kind: 'key', file: MANIFEST_FILE, detail: 'the fingerprint in the manifest is not that of its key' }
  }
  if (isSigned(key, bytesOf(check, MANIFEST_FILE) ?? Buffer.alloc(0), bytes)) return undefined
  return signature(
    'the signature is not that of this manifest by the key that it names: the signature, the manifest or the key was changed',
  )
}

/** Base64 has several texts for the same bytes, and only one of them was written. */
function isSigned({ publicKey }: PublicKey, manifest: Uint8Array, file: Uint8Array): boolean {
  const text = Buffer.from(file).toString('latin1')
  const signed = Buffer.from(text, 'base64')
  return `${signed.toString('base64')}\n` === text && isSignedBy(publicKey, manifest, signed)
}

function checkKey(check: Check, key: NonNullable<Manifest['key']>): void {
  const { trusted } = check.options
  if (trusted.length === 0) {
    check.limits.push(
      `The signature is valid, but no trusted key was given: anyone can make a key. Compare ${key.fingerprint} with the fingerprint that its owner published, or give the key by --public-key.`,
    )
    return
  }
  if (trusted.some(each => leadsTo(each, key, key.rotations))) return
  const detail = 'the report is signed by another key than the trusted one, and no rotation leads to it'
  problem(check, 'key', MANIFEST_FILE, detail, {
    place: 'key / fingerprint',
    expected: trusted.map(({ fingerprint }) => fingerprint).join(' or '),
    found: key.fingerprint,
  })
}
