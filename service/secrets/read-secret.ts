import { ClawtrustError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import { FileRefused, readRegularFile } from './regular-file.ts'

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
  const text = await readRegularFile(path, MAX_BYTES).catch(error => {
    if (error instanceof FileRefused) throw complain(`is ${error.code}; is this the right file?`, error)
    throw complain(`cannot be read (${error.code}); check the path and its permissions`, error)
  })
  const secret = text.replace(/\r?\n$/, '')
  if (secret === '') throw complain('is empty; it must contain the secret')
  return secret
}
