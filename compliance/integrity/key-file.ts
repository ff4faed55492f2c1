import { constants } from 'node:fs'
import { open, stat, unlink } from 'node:fs/promises'
import { z } from 'zod'
import { ClawtrustError, Fault, failureCode, failureReason } from '../../core/errors.ts'
import { FileRefused, fileTrouble, readRegularBytes } from '../../service/files/regular-file.ts'
import { readJson } from './json-text.ts'
import { rotationSchema } from './manifest.ts'
import { newKeyPair, type PublicKey, publicKeyOf, rotate, type SigningKey, signingKey } from './signing-key.ts'

const OWNER_ONLY = 0o600
const EVERYONE_READS = 0o644
const OTHERS = 0o077
const MOST_BYTES = 64 * 1024

/** Beside the private key. */
export const publicFileOf = (path: string): string => `${path}.pub`
/** Beside a key that took the place of another one. */
export const rotationFileOf = (path: string): string => `${path}.rotations.json`

export interface MadeKey extends PublicKey {
  /** What was written, the private key first. */
  readonly files: readonly string[]
}

/**
 * Makes a key in files that do not exist. A file that exists is never overwritten.
 *
 * @param replaces the key that the new one takes the place of, which says so by its signature
 * @param now ISO 8601, for the record of the rotation
 * @throws ClawtrustError REPORT_KEY_UNUSABLE
 */
export async function makeKey(path: string, replaces: SigningKey | undefined, now: string): Promise<MadeKey> {
  const { privatePem, publicPem } = newKeyPair()
  const key = publicKeyOf(publicPem)
  const rotations = replaces === undefined ? [] : [...replaces.rotations, rotate(replaces, key, now)]
  const files = [
    { path, text: privatePem, mode: OWNER_ONLY },
    { path: publicFileOf(path), text: publicPem, mode: EVERYONE_READS },
    ...(rotations.length === 0
      ? []
      : [{ path: rotationFileOf(path), text: `${JSON.stringify(rotations, undefined, 2)}\n`, mode: EVERYONE_READS }]),
  ]
  const written: string[] = []
  try {
    for (const file of files) {
      await writeNew(file.path, file.text, file.mode, () => written.push(file.path))
    }
  } catch (cause) {
    for (const file of written) await unlink(file).catch(() => {})
    const at = files[written.length]?.path ?? path
    const why =
      failureCode(cause) === 'EEXIST'
        ? `${at} exists, and a key is never overwritten; choose another file`
        : `The key cannot be written to ${at} (${failureReason(cause)}); check the folder and its permissions`
    throw new ClawtrustError('REPORT_KEY_UNUSABLE', why, { cause })
  }
  return { ...key, files: written }
}

async function writeNew(path: string, text: string, mode: number, created: () => void): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, mode)
  created()
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * The private key, with the rotations that led to it.
 *
 * @throws ClawtrustError REPORT_KEY_UNUSABLE, also where other users may read it
 */
export async function readSigningKey(path: string): Promise<SigningKey> {
  return usable(path, async () => {
    const text = await readText(path)
    if (((await stat(path)).mode & OTHERS) !== 0) throw new Fault('may be read by other users; set its mode to 0600')
    return signingKey(text, await readRotations(rotationFileOf(path)))
  })
}

/** @throws ClawtrustError REPORT_KEY_UNUSABLE */
export const readPublicKey = (path: string): Promise<PublicKey> =>
  usable(path, async () => publicKeyOf(await readText(path)))

const readText = async (path: string): Promise<string> => (await readRegularBytes(path, MOST_BYTES)).toString('utf8')

async function readRotations(path: string): Promise<SigningKey['rotations']> {
  try {
    const result = z.array(rotationSchema).safeParse(readJson(await readRegularBytes(path, MOST_BYTES)))
    if (!result.success) throw new Fault(`has beside it ${path}, which does not hold rotations of keys`)
    return result.data
  } catch (error) {
    if (failureCode(error) === 'ENOENT') return []
    throw error
  }
}

async function usable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    const why = cause instanceof Fault && !(cause instanceof FileRefused) ? failureReason(cause) : fileTrouble(cause)
    throw new ClawtrustError('REPORT_KEY_UNUSABLE', `The key ${path} ${why}`, { cause })
  }
}
