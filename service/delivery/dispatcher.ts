import type { Clock, EpochMs } from '../../core/clock.ts'
import { backOff } from '../../core/time/back-off.ts'
import type { Logger } from '../log/logger.ts'
import type { Destination, Destinations } from './destinations.ts'
import { sendRequest } from './http-request.ts'
import type { Delivery, Outbox } from './outbox.ts'
import { type Address, type Facts, isReply, type RenderedRequest, renderRequest } from './templates/render.ts'
import type { Template } from './templates/template.ts'

/** The final result of a delivery. */
export interface DeliveryResult {
  readonly ok: boolean
  /** The receiver's own reference, its response, or why the delivery became a dead letter. */
  readonly detail: string
}

export interface DispatcherOptions {
  readonly outbox: Outbox
  /** Changes the database of the outbox; resolves when the change is durable. */
  readonly write: (change: () => void) => Promise<void>
  readonly destinations: Destinations
  /** Records the result of a delivery, inside `write`. */
  readonly settle: (delivery: Delivery, result: DeliveryResult) => void
  /** Called for every attempt with its outcome, after the outcome is written. */
  readonly count: (outcome: 'sent' | 'retried' | 'dead') => void
  /** Called with the duration of every attempt, milliseconds. */
  readonly observe: (milliseconds: number) => void
  readonly fetch: typeof fetch
  /** Between 0 and 1. */
  readonly random: () => number
  readonly clock: Clock
  readonly logger: Logger
}

/** Concurrent requests to one destination: a slow destination does not delay others. */
const MAX_CONCURRENT = 4
/** Half of a pause is random. */
const PAUSES = { first: 1_000, longest: 15 * 60_000, spread: 0.5 }

/** Milliseconds before the next attempt, at least as long as the receiver requested. */
function pauseAfter(attempts: number, random: number, retryAfter = 0): number {
  return Math.max(backOff(PAUSES, attempts, 1 - random), Math.min(retryAfter, PAUSES.longest))
}

/** The shortest path that may be a secret, as in Slack's addresses; a shorter one may occur in a response by chance. */
const MIN_SECRET_PATH = 16

/** Records the result of an attempt. Rejects where it could not be written; then it may be called again. */
type RecordResult = () => Promise<void>

/** The secrets of a destination in every form in which they are sent. */
function secretsOf({ url, token }: Destination): readonly string[] {
  const [address = '', key = ''] = [url?.reveal(), token?.reveal()]
  const { pathname = '', search = '' } = URL.parse(address) ?? {}
  const paths = [pathname + search, pathname].filter(({ length }) => length >= MIN_SECRET_PATH)
  return [address, ...paths, key, Buffer.from(key).toString('base64')]
}

/** A link by which a person decides is a permission: a receiver that quotes what it refuses must not pass it on. */
function secretsOfMessage({ link = '' }: Facts): readonly string[] {
  const [permission = ''] = /[^/]*$/.exec(URL.parse(String(link))?.pathname ?? '') ?? []
  return permission.length < MIN_SECRET_PATH ? [] : [String(link), permission]
}

interface Message {
  readonly request: RenderedRequest
  /** The same without the earlier message that it answers, where it answers one. */
  readonly alone?: RenderedRequest
  readonly secrets: readonly string[]
}

/** Undefined if the row cannot be read: another attempt would not change that. */
function messageOf({ id, body }: Delivery, template: Template, address: Address): Message | undefined {
  try {
    const stored: unknown = JSON.parse(body)
    if (typeof stored !== 'object' || stored === null) return undefined
    const facts = { ...stored, delivery: id }
    const own = { ...facts, thread_reference: '' }
    return {
      request: renderRequest(template, facts, address),
      ...(isReply(template, facts) ? { alone: renderRequest(template, own, address) } : {}),
      secrets: secretsOfMessage(facts),
    }
  } catch {
    return undefined
  }
}

/** Sends the deliveries of the outbox in the background. */
export class Dispatcher {
  readonly #options: DispatcherOptions
  /** Of all destinations: no receiver has reason to say any of them. */
  readonly #secrets: readonly string[]
  /** By destination, then by delivery. */
  readonly #underWay = new Map<string, Map<string, Promise<void>>>()
  /**
   * Results that could not be written, by delivery: while the disk is full, a message must not be sent again and again.
   * Such a delivery stays the next one of its destination, so there are few.
   */
  readonly #unrecorded = new Map<string, RecordResult>()

  constructor(options: DispatcherOptions) {
    this.#options = options
    this.#secrets = [...options.destinations.values()].flatMap(secretsOf)
  }

  /** Starts the attempts that are due; resolves when they have finished. */
  async send(): Promise<void> {
    const { outbox, clock } = this.#options
    const now = clock.now()
    for (const destination of outbox.destinationsDue(now)) this.#sendTo(destination, now)
    await this.idle()
  }

  #sendTo(destination: string, now: EpochMs): void {
    const { outbox } = this.#options
    const underWay = this.#underWay.get(destination) ?? new Map<string, Promise<void>>()
    this.#underWay.set(destination, underWay)
    for (const delivery of outbox.due(destination, now, MAX_CONCURRENT + underWay.size)) {
      if (underWay.size >= MAX_CONCURRENT) return
      if (underWay.has(delivery.id)) continue
      const sending = this.#deliver(delivery).finally(() => underWay.delete(delivery.id))
      underWay.set(delivery.id, sending)
    }
  }

  /** Resolves when all started attempts have finished. */
  async idle(): Promise<void> {
    await Promise.all([...this.#underWay.values()].flatMap(underWay => [...underWay.values()]))
  }

  /** Records the result of an earlier attempt, where that is still to be done; else makes one. */
  async #deliver(delivery: Delivery): Promise<void> {
    const earlier = this.#unrecorded.get(delivery.id)
    try {
      const record = earlier ?? (await this.#attempt(delivery))
      this.#unrecorded.set(delivery.id, record)
      await record()
      this.#unrecorded.delete(delivery.id)
    } catch (error) {
      if (earlier !== undefined) return
      this.#options.logger.error('The result of a delivery could not be recorded; that is tried again.', {
        delivery: delivery.id,
        error,
      })
    }
  }

  async #attempt(delivery: Delivery): Promise<RecordResult> {
    const { outbox, write, destinations, count, observe, clock, random } = this.#options
    const destination = destinations.get(delivery.destination)
    if (destination === undefined) return () => this.#giveUp(delivery, 'the destination is no longer configured')
    const { template, url, token, fields, timeout } = destination
    const address = { url: url?.reveal(), token: token?.reveal() ?? '', fields }
    const { fetch } = this.#options
    const begun = clock.monotonic()
    const { reference } = template
    const message = messageOf(delivery, template, address)
    if (message === undefined) return () => this.#giveUp(delivery, 'its row in the outbox is damaged')
    const options = { fetch, timeout, reference, secrets: [...this.#secrets, ...message.secrets] }
    const answer = await sendRequest(message.request, options)
    // The earlier message may be gone, or its thread closed: what people are asked must not be lost with it.
    const isRefusedReply = !answer.ok && !answer.retryable && message.alone !== undefined
    const result = isRefusedReply ? await sendRequest(message.alone, options) : answer
    observe(clock.monotonic() - begun)
    const now = clock.now()
    if (result.ok) {
      return async () => {
        await write(() => {
          outbox.sent(delivery.id, result.reference ?? '')
          this.#options.settle(delivery, { ok: true, detail: result.reference ?? result.detail })
        })
        count('sent')
      }
    }
    if (!result.retryable || now >= delivery.giveUpAt) return () => this.#giveUp(delivery, result.detail)
    const pause = pauseAfter(delivery.attempts, random(), result.retryAfter)
    return async () => {
      await write(() => outbox.retry(delivery.id, now + pause, result.detail))
      count('retried')
    }
  }

  async #giveUp(delivery: Delivery, error: string): Promise<void> {
    const { outbox, write, settle, count, clock, logger } = this.#options
    await write(() => {
      outbox.giveUp(delivery.id, clock.now(), error)
      settle(delivery, { ok: false, detail: error })
    })
    count('dead')
    logger.error('A delivery failed permanently; it can be replayed.', { delivery: delivery.id, reason: error })
  }
}
