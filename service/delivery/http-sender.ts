import type { Fetch } from '../http-client/bounded-fetch.ts'
import type { Destination, Destinations } from './destinations.ts'
import { sendRequest } from './http-request.ts'
import type { Delivery } from './outbox.ts'
import type { Sender, Senders } from './sender.ts'
import { type Address, type Facts, isReply, type RenderedRequest, renderRequest } from './templates/render.ts'
import type { Template } from './templates/template.ts'

/** The shortest path that may be a secret, as in Slack's addresses; a shorter one may occur in a response by chance. */
const MIN_SECRET_PATH = 16

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

/** Senders of the HTTP requests that the destinations' templates make. */
export function httpSenders(destinations: Destinations, fetch: Fetch): Senders {
  // Of all destinations: no receiver has reason to say any of them.
  const secrets = [...destinations.values()].flatMap(secretsOf)
  return new Map([...destinations].map(([name, destination]) => [name, httpSender(destination, secrets, fetch)]))
}

function httpSender(
  { template, url, token, fields, timeout }: Destination,
  secrets: readonly string[],
  fetch: Fetch,
): Sender {
  const address = { url: url?.reveal(), token: token?.reveal() ?? '', fields }
  const { reference } = template
  return {
    async send(delivery) {
      const message = messageOf(delivery, template, address)
      if (message === undefined) return undefined
      const options = { fetch, timeout, reference, secrets: [...secrets, ...message.secrets] }
      const answer = await sendRequest(message.request, options)
      // The earlier message may be gone, or its thread closed: what people are asked must not be lost with it.
      const isRefusedReply = !answer.ok && !answer.retryable && message.alone !== undefined
      return isRefusedReply ? sendRequest(message.alone, options) : answer
    },
  }
}
