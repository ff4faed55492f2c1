import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { EpochMs } from '../../core/clock.ts'
import type { Incident } from '../domain/incident.ts'
import type { Documents } from '../store/documents.ts'

const KEY = 'approval_key'

/** Links by which a person approves: signed for one incident, and valid for a time. */
export class ApprovalLinks {
  readonly #key: Buffer

  constructor(key: string) {
    this.#key = Buffer.from(key, 'hex')
  }

  token(incident: string, expires: EpochMs): string {
    const seconds = Math.floor(expires / 1_000)
    return `${incident}.${seconds}.${this.#sign(incident, seconds)}`
  }

  /** The incident that a token is for; undefined where it is forged or too old. */
  incidentOf(token: string, now: EpochMs): string | undefined {
    const found = /^([0-9a-f]{16})\.(\d{1,12})\.([\w-]{43})$/.exec(token)
    if (found === null) return undefined
    const [, incident = '', seconds = '', signature = ''] = found
    const expected = this.#sign(incident, Number(seconds))
    if (!timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) return undefined
    return now < Number(seconds) * 1_000 ? incident : undefined
  }

  #sign(incident: string, seconds: number): string {
    return createHmac('sha256', this.#key).update(`approve ${incident} ${seconds}`).digest('base64url')
  }
}

/** The key of this ledger's links, made once; belongs inside `Ledger.write`. */
export function approvalKey(documents: Documents): string {
  const kept = documents.get(KEY)
  // A damaged key would be short, or none at all: anybody could sign with it.
  if (typeof kept === 'string' && /^[0-9a-f]{64}$/.test(kept)) return kept
  const made = randomBytes(32).toString('hex')
  documents.set(KEY, made)
  return made
}

/**
 * Where a person approves a proposal, or looks at another incident; empty where no address is configured.
 *
 * @param externalUrl where a person reaches this service
 */
export function incidentLink(links: ApprovalLinks, externalUrl: string | undefined): (incident: Incident) => string {
  return ({ id, state, facts }) => {
    if (externalUrl === undefined) return ''
    return state === 'proposed' ? `${externalUrl}approvals/${links.token(id, facts.expiresAt ?? 0)}` : externalUrl
  }
}
