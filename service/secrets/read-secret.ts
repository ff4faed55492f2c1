import { ClawtrustError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import { fileTrouble, readRegularFile } from '../files/regular-file.ts'
import { HEADER_VALUE } from '../http-client/bounded-fetch.ts'

const MAX_BYTES = 64 * 1024

/** A secret as configured: at most one of the two keys. */
export interface WrittenSecret {
  readonly inline?: Secret | undefined
  /** An absolute path. */
  readonly file?: string | undefined
}

export interface SecretUse {
  /** True where it is sent in a header as it is, which holds ASCII only. */
  readonly inHeader?: boolean
}

/**
 * The secret itself: the content of the file, the variable if `inline` is `${NAME}`, else `inline`; the last line break of
 * a file or variable is removed. Undefined if neither key is given. A secret is one line of printable characters: a client
 * would refuse others later, with an error that quotes them.
 *
 * @param key the key of the configuration, for the message
 * @throws ClawtrustError SECRET_UNREADABLE if the file or the variable contains no secret, or one that cannot be used
 */
export async function readSecret(
  key: string,
  written: WrittenSecret,
  environment: Readonly<Record<string, string | undefined>>,
  use: SecretUse = {},
): Promise<Secret | undefined> {
  if (written.file !== undefined) {
    const fileKey = `${key}_file`
    return checked(await readSecretFile(fileKey, written.file), { key: fileKey, where: written.file }, use)
  }
  const variable = /^\$\{(\w+)\}$/.exec(written.inline?.reveal() ?? '')?.[1]
  if (variable === undefined)
    return written.inline && checked(written.inline.reveal(), { key, where: 'the value' }, use)
  const value = withoutLineBreak(environment[variable] ?? '')
  if (value === '') {
    const state = environment[variable] === undefined ? 'is not set' : 'is empty'
    throw unreadable(key, `the environment variable ${variable} ${state}; set it, or use ${lastKey(key)}_file`)
  }
  return checked(value, { key, where: `the environment variable ${variable}` }, use)
}

/** Control, format, private-use and unassigned characters, lone surrogates, odd separators, and what was no UTF-8. */
const NOT_PRINTABLE = /[\p{C}\p{Zl}\p{Zp}\ufffd]/u

/** The last key of a path. */
const lastKey = (key: string): string => key.slice(key.lastIndexOf('.') + 1)

interface Origin {
  readonly key: string
  readonly where: string
}

function checked(secret: string, { key, where }: Origin, { inHeader = false }: SecretUse): Secret {
  if (/[\r\n]/.test(secret)) {
    throw unreadable(key, `${where} has more than one line; it must contain the secret alone, on one line`)
  }
  if (NOT_PRINTABLE.test(secret)) {
    throw unreadable(
      key,
      `${where} contains characters that cannot be printed; it must contain the secret as text in UTF-8`,
    )
  }
  if (inHeader && !HEADER_VALUE.test(secret)) {
    throw unreadable(key, `${where} contains characters that an HTTP header cannot hold; it must contain ASCII only`)
  }
  return new Secret(secret)
}

async function readSecretFile(key: string, path: string): Promise<string> {
  const complain = (what: string, cause?: unknown) => unreadable(key, `${path} ${what}`, cause)
  const text = await readRegularFile(path, MAX_BYTES).catch(error => {
    throw complain(fileTrouble(error), error)
  })
  const secret = withoutLineBreak(text)
  if (secret === '') throw complain('is empty; it must contain the secret')
  return secret
}

const withoutLineBreak = (text: string): string => text.replace(/\r?\n$/, '')

const unreadable = (key: string, what: string, cause?: unknown): ClawtrustError =>
  new ClawtrustError('SECRET_UNREADABLE', `${key}: ${what}`, { cause, key })
