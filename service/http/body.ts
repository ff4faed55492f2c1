import type { Readable } from 'node:stream'
import type { Clock } from '../../core/clock.ts'
import type { BodyAccount } from './body-budget.ts'

/** Bytes a second below which a body is given up, after the first seconds. */
const MIN_RATE = 4 * 1024
const GRACE_MS = 5_000
const LOOK_MS = 1_000

export type BodyFault = 'too_large' | 'over_budget' | 'too_slow'

/** A body that is not read to its end. */
export class BodyRefused extends Error {
  readonly fault: BodyFault

  constructor(fault: BodyFault) {
    super(fault)
    this.fault = fault
  }
}

export interface BodyOptions {
  /** Bytes. */
  readonly maxBody: number
  readonly account: BodyAccount
  readonly clock: Clock
}

/** Reads a body while it is within its size, its budget and the minimum transfer rate. @throws BodyRefused */
export function readBody(payload: Readable, { maxBody, account, clock }: BodyOptions): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  const begun = clock.monotonic()
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const look = setInterval(() => {
    const elapsed = clock.monotonic() - begun
    if (elapsed > GRACE_MS && length < (MIN_RATE * elapsed) / 1_000) refuse('too_slow')
  }, LOOK_MS).unref()
  const refuse = (fault: BodyFault) => {
    payload.pause().removeAllListeners('data')
    reject(new BodyRefused(fault))
  }
  payload.on('data', (part: Buffer) => {
    length += part.length
    if (length > maxBody) return refuse('too_large')
    if (!account.take(part.length)) return refuse('over_budget')
    parts.push(part)
  })
  payload.once('end', () => resolve(Buffer.concat(parts, length)))
  payload.once('error', reject)
  payload.once('close', () => reject(new Error('The request ended before its body.')))
  return promise.finally(() => clearInterval(look))
}
