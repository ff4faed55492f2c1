import type { Clock } from '../../core/clock.ts'
import { hasMoreTokens } from '../../core/json.ts'
import { parseBasicAuth } from '../../service/http/basic-auth.ts'
import { type BodyFault, BodyRefused, readBody } from '../../service/http/body.ts'
import { type BodyAccount, BodyBudget } from '../../service/http/body-budget.ts'
import { type Client, isAuthenticatedClient, isProvenHolder } from '../../service/http/client.ts'
import type { RouteHost, RouteRequest } from '../../service/http/http-service.ts'
import { isLoopback } from '../../service/http/listen-address.ts'
import { peerOf } from '../../service/http/peer.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { AlertMessage } from '../domain/alert.ts'
import { type Credentials, hasBearerToken, signatureHeaderRefusal, signatureRefusal } from './authentication.ts'
import { readPayload } from './payload.ts'

/**
 * What became of a delivery. Senders try again after a 5xx only, so only what may succeed later is answered by one:
 * duplicates and what policy refuses are 200, and never is a 429.
 */
export const webhookResults = [
  'accepted',
  'unauthorized',
  'invalid',
  'too_large',
  'overloaded',
  'not_recorded',
] as const
export type WebhookResult = (typeof webhookResults)[number]

const statuses: Readonly<Record<WebhookResult, number>> = {
  accepted: 200,
  unauthorized: 401,
  invalid: 400,
  too_large: 413,
  overloaded: 503,
  not_recorded: 503,
}

export interface WebhookOptions {
  readonly credentials: () => Credentials
  /** Bytes. */
  readonly maxBody: number
  /** True for the address of a trusted proxy, through which many senders may deliver. */
  readonly isTrustedProxy: (address: string) => boolean
  /** Labels of alerts that the playbooks need. */
  readonly usedLabels: () => ReadonlySet<string>
  /** True while no more may be taken. */
  readonly overloaded: () => boolean
  /** Resolves when the alerts are on the disk. */
  readonly accept: (message: AlertMessage) => Promise<void>
  readonly answered: (sender: Sender, result: WebhookResult) => void
  readonly clock: Clock
  readonly logger: Logger
}

export type Sender = AlertMessage['sender']

type Answer = { readonly result: WebhookResult; readonly sentence: string }

const answer = (result: WebhookResult, sentence: string): Answer => ({ result, sentence })

/** `POST /alertmanager` and `POST` or `PUT /grafana`. The sender's own log quotes what is answered: no secret is in it. */
export function registerWebhook(app: RouteHost, options: WebhookOptions): void {
  const { maxBody, clock } = options
  const budgets = createBudgets(maxBody)
  app.register(async scope => {
    scope.removeAllContentTypeParsers()
    const accounts = new WeakMap<RouteRequest, BodyAccount>()
    scope.addContentTypeParser('*', async (request: RouteRequest) => {
      const account = accounts.get(request)
      return account && readBody(request.raw, { maxBody, account, clock })
    })
    const routes = [
      { sender: 'alertmanager', method: ['POST'] },
      { sender: 'grafana', method: ['POST', 'PUT'] },
    ] as const
    for (const { sender, method } of routes) {
      scope.route({
        method: [...method],
        url: `/${sender}`,
        config: {
          ownAuthentication: request => hasOwnAuthentication(sender, request.headers, options.credentials()),
          isProvenSender: ({ headers }) => hasShownToken(headers, options.credentials()),
        },
        // Before the body is read: a request that is refused costs no memory.
        onRequest: async (request, reply) => {
          const refused =
            strangerRefusal(request, options) ??
            admission(sender, request, options) ??
            sizeRefusal(request.headers, maxBody)
          if (refused !== undefined)
            return reply.code(finish(sender, refused, request.ip, options)).send(`${refused.sentence}\n`)
          const account = budgets[senderKind(sender, request, options)].open(peerOf(request.ip))
          accounts.set(request, account)
          reply.raw.once('close', () => account.close())
        },
        handler: async (request, reply) => {
          const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
          const answered = await deliver(sender, request.headers, body, options)
          return reply.code(finish(sender, answered, request.ip, options)).send(`${answered.sentence}\n`)
        },
        errorHandler: (error, request, reply) => {
          const answered =
            error instanceof BodyRefused
              ? bodyAnswers(maxBody)[error.fault]
              : answer('invalid', 'The request cannot be read.')
          // The rest of the body is not read.
          return reply
            .header('Connection', 'close')
            .code(finish(sender, answered, request.ip, options))
            .send(`${answered.sentence}\n`)
        },
      })
    }
  })
}

/**
 * Commas, colons and opening brackets of a body: those of 10,000 alerts with 10 labels and 5 annotations. An alert as
 * Alertmanager sends it has three for 100 bytes; a body that consists of them alone takes seconds to parse.
 */
const MAX_TOKENS = 500_000
const TOO_MANY_VALUES = `The body has more than ${MAX_TOKENS} JSON tokens; send fewer alerts in a message (group_by).`

const bodyAnswers = (maxBody: number): Readonly<Record<BodyFault, Answer>> => ({
  too_large: answer('too_large', `The body is larger than ${maxBody} bytes (remediation.webhook.max_body).`),
  over_budget: answer('overloaded', 'Too many alerts are being read; try again.'),
  too_slow: answer('overloaded', 'The body arrives too slowly; try again.'),
})

function sizeRefusal(headers: RequestHeaders, maxBody: number): Answer | undefined {
  return Number(headers['content-length'] ?? 0) > maxBody ? bodyAnswers(maxBody).too_large : undefined
}

/** Whose bodies share a budget: senders with a token or a certificate, trusted proxies, and all others. */
type SenderKind = 'known' | 'proxy' | 'stranger'

/** In bodies of the largest size. A stranger's two are those of a pair of senders behind one address. */
function createBudgets(maxBody: number): Readonly<Record<SenderKind, BodyBudget>> {
  const budget = (perPeer: number, total: number) =>
    new BodyBudget({ perPeer: perPeer * maxBody, total: total * maxBody })
  return { known: budget(4, 4), proxy: budget(4, 4), stranger: budget(2, 4) }
}

function senderKind(
  sender: Sender,
  { client, ip }: { readonly client: Client; readonly ip: string },
  { credentials, isTrustedProxy }: WebhookOptions,
): SenderKind {
  const { bearerToken, grafana } = credentials()
  // A request that got past `admission` has shown the token, unless a signature is required, which needs the body.
  const isKnown = bearerToken !== undefined && !(sender === 'grafana' && grafana !== undefined)
  if (isKnown || isAuthenticatedClient(client)) return 'known'
  return isTrustedProxy(ip) ? 'proxy' : 'stranger'
}

type RequestHeaders = Parameters<typeof hasBearerToken>[0]

/** Without credentials of senders, only clients of the web configuration and this machine may deliver. */
function strangerRefusal(
  { client, ip }: { readonly client: Client; readonly ip: string },
  { credentials }: WebhookOptions,
): Answer | undefined {
  if (Object.keys(credentials()).length > 0 || isAuthenticatedClient(client) || isLoopback(ip)) return undefined
  return answer(
    'unauthorized',
    'Without authentication, alerts are taken from this machine only; set remediation.webhook.bearer_token_file.',
  )
}

/** A user of the web configuration may deliver too, by the role: a password is checked there, except beside a signature. */
function hasOwnAuthentication(sender: Sender, headers: RequestHeaders, credentials: Credentials): boolean {
  if (sender === 'grafana' && credentials.grafana !== undefined) return true
  return Object.keys(credentials).length > 0 && parseBasicAuth(String(headers.authorization ?? '')) === undefined
}

const hasShownToken = (headers: RequestHeaders, { bearerToken }: Credentials): boolean =>
  bearerToken !== undefined && hasBearerToken(headers, bearerToken)

function admission(
  sender: Sender,
  { headers, client }: { readonly headers: RequestHeaders; readonly client: Client },
  options: WebhookOptions,
): Answer | undefined {
  const isHolder = isProvenHolder(client, 'deliver')
  const { bearerToken, grafana } = options.credentials()
  const forged =
    sender === 'grafana' && grafana !== undefined
      ? signatureHeaderRefusal(headers, grafana, options.clock.now())
      : undefined
  if (forged !== undefined) return answer('unauthorized', `Refused: ${forged}.`)
  const signed = sender === 'grafana' && grafana !== undefined
  // A signature is judged with the body; a Grafana without one may show the token instead.
  if (!signed && !isHolder && bearerToken !== undefined && !hasShownToken(headers, { bearerToken })) {
    return answer('unauthorized', 'The bearer token is missing or wrong.')
  }
  if (!signed && !isHolder && bearerToken === undefined && grafana !== undefined) {
    return answer('unauthorized', 'Deliver to /grafana, signed.')
  }
  return options.overloaded() ? answer('overloaded', 'Too many alerts wait for their decision; try again.') : undefined
}

async function deliver(
  sender: Sender,
  headers: RequestHeaders,
  body: Buffer,
  { credentials, usedLabels, clock, accept, logger }: WebhookOptions,
): Promise<Answer> {
  const { grafana } = credentials()
  if (sender === 'grafana' && grafana !== undefined) {
    const refusal = signatureRefusal(headers, body, grafana, clock.now())
    if (refusal !== undefined) return answer('unauthorized', `Refused: ${refusal}.`)
  }
  if (hasMoreTokens(body, MAX_TOKENS)) return answer('too_large', TOO_MANY_VALUES)
  const message = readPayload(body.toString('utf8'), usedLabels())
  if (typeof message === 'string') return answer('invalid', `Refused: ${message}.`)
  try {
    await accept(message)
  } catch (error) {
    logger.error('Alerts could not be recorded; the sender is asked to retry.', { error })
    return answer('not_recorded', 'The alerts could not be recorded; try again.')
  }
  return answer('accepted', 'Recorded.')
}

function finish(sender: Sender, { result, sentence }: Answer, address: string, options: WebhookOptions): number {
  options.answered(sender, result)
  if (result === 'unauthorized')
    options.logger.warn('A webhook request was refused.', { sender, address, reason: sentence })
  return statuses[result]
}
