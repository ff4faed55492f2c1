import { open } from 'node:fs/promises'
import { ClawtrustError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'

const MAX_BYTES = 64 * 1024

/** A secret as configured: at most one of the two keys. */
export interface WrittenSecret {
  readonly inline?: Secret | undefined
  /** An absolute path. */
  readonly file?: string | undefined
}

/**
 * The secret itself: the content of the file without its last line break, the variable if `inline` is `${NAME}`, else
 * `inline`. Undefined if neither key is given; throws SECRET_UNREADABLE if the file or the variable contains no secret.
 *
 * @param key the key of the configuration, for the message
 */
export async function readSecret(
  key: string,
  written: WrittenSecret,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Secret | undefined> {
  if (written.file !== undefined) return new Secret(await readSecretFile(key, written.file))
  const variable = /^\$\{(\w+)\}$/.exec(written.inline?.reveal() ?? '')?.[1]
  if (variable === undefined) return written.inline
  const value = environment[variable]
  if (!value) {
    throw new ClawtrustError('SECRET_UNREADABLE', `${key}: the environment variable ${variable} is not set; set it`)
  }
  return new Secret(value)
}

async function readSecretFile(key: string, path: string): Promise<string> {
  const complain = (what: string, cause?: unknown) =>
    new ClawtrustError('SECRET_UNREADABLE', `${key}_file: ${path} ${what}`, { cause })
  const text = await readBounded(path).catch(error => {
    throw complain(`cannot be read (${error.code}); check the path and its permissions`, error)
  })
  if (text === undefined) throw complain('is larger than 64 KiB; is this the right file?')
  const secret = text.replace(/\r?\n$/, '')
  if (secret === '') throw complain('is empty; it must contain the secret')
  return secret
}

/** Undefined if the file contains more than 64 KiB. */
async function readBounded(path: string): Promise<string | undefined> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES + 1), 0, MAX_BYTES + 1, 0)
    return bytesRead > MAX_BYTES ? undefined : buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
