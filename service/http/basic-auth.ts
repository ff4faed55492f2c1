import { createHmac, randomBytes } from 'node:crypto'
import { BoundedMap } from '../../core/collections/bounded-map.ts'
import type { PasswordCheck } from './password-check.ts'

/** Names and bcrypt hashes. */
export type Users = Readonly<Record<string, string>>

export interface Credentials {
  readonly user: string
  readonly password: string
}

/** Cache size of verified passwords; with more users, bcrypt runs more often. */
const MAX_REMEMBERED = 128

/** Parses an `Authorization` header of RFC 7617; undefined if it is not Basic. */
export function parseBasicAuth(header: string | undefined): Credentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  return colon < 0 ? undefined : { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) }
}

/**
 * Checks credentials. A verified password is cached as a keyed hash while its bcrypt hash is in the configuration, so
 * that not every scrape runs bcrypt. An unknown user takes as much time as a wrong password.
 */
export class BasicAuth {
  readonly #check: PasswordCheck
  readonly #key = randomBytes(32)
  readonly #verified = new BoundedMap<string, true>(MAX_REMEMBERED)

  constructor(check: PasswordCheck) {
    this.#check = check
  }

  /** True if these credentials were verified before and are still in the configuration; takes no comparison. */
  isVerified({ user, password }: Credentials, users: Users): boolean {
    const hash = Object.hasOwn(users, user) ? users[user] : undefined
    return hash !== undefined && this.#verified.has(this.#digest(user, password, hash))
  }

  /** @param peer whose comparisons are limited together */
  async verify({ user, password }: Credentials, users: Users, peer = ''): Promise<boolean> {
    const known = Object.hasOwn(users, user) ? users[user] : undefined
    const hash = known ?? Object.values(users)[0]
    if (hash === undefined) return false
    const digest = this.#digest(user, password, hash)
    if (known !== undefined && this.#verified.has(digest)) return true
    const equal = await this.#check.compare(password, hash, peer)
    if (known === undefined || !equal) return false
    this.#verified.set(digest, true)
    return true
  }

  #digest(...parts: readonly string[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest('base64')
  }
}
