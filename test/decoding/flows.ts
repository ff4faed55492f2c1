import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import type { Claim, Decoding } from '../../decoding/toolkit/record.ts'

const dispatcher = createDispatcher(dialects)

export const decodeRecord = (body: string | Readonly<Record<string, unknown>>): Decoding =>
  dispatcher.decode({ id: '1', body }).decoding

/** The claim of a record. @throws Error where it has none */
export function claimOf(body: string | Readonly<Record<string, unknown>>): Claim {
  const decoding = decodeRecord(body)
  if (decoding.kind !== 'claim') throw new Error(`no claim but ${JSON.stringify(decoding)}`)
  return decoding.claim
}

/** A decision in a few words: what was decided by what kind of rule, how often, and how it pairs. */
export function decisionIn(body: string | Readonly<Record<string, unknown>>): string {
  const decoding = decodeRecord(body)
  if (decoding.kind !== 'claim') return decoding.kind === 'undecoded' ? `undecoded ${decoding.reason}` : decoding.kind
  const { labels, count, pair } = decoding.claim
  return [labels.decision, labels.policy, ...(count === 1 ? [] : [`x${count}`]), ...(pair ? [pair.role] : [])].join(' ')
}
