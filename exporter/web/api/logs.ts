import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Clock } from '../../../core/clock.ts'
import { type BodyFault, type BodyOptions, BodyRefused, readBody } from '../../../service/http/body.ts'
import { type BodyAccount, BodyBudget } from '../../../service/http/body-budget.ts'
import { isAuthenticatedClient } from '../../../service/http/client.ts'
import type { HttpServiceOptions, RouteReply, RouteRequest } from '../../../service/http/http-service.ts'
import { peerOf } from '../../../service/http/peer.ts'
import type { Logger } from '../../../service/log/logger.ts'
import type { Receipt, Source } from '../../contracts/source.ts'
import { codeOf, errorStatus, exportResponse, otlpEncoding } from './otlp-answers.ts'

export interface LogRoutesOptions {
  /** The sources that are read now; a reload brings others. Undefined while none is. */
  readonly sources: () => readonly Source[] | undefined
  /** Why nothing can be counted now, in one sentence. */
  readonly notReady: () => string | undefined
  readonly clock: Clock
  readonly logger: Logger
  /** Longest time that a sender waits for its answer, milliseconds. Default: 8,000, as SDKs wait for 10 s. */
  readonly answerMs?: number
}

/** Largest body, without its compression. */
const MAX_BODY = 16 * 2 ** 20
/** Bytes of the bodies that are read or wait for their commit: of one address without credentials, and in all. */
const budgetLimits = {
  stranger: { perPeer: 2 * MAX_BODY, total: 2 * MAX_BODY },
  known: { perPeer: 4 * MAX_BODY, total: 4 * MAX_BODY },
}
/** Seconds after which a sender may try again. */
const RETRY_AFTER = 2
/** A sender with a wrong configuration repeats it: refusals are logged this often, milliseconds. */
const LOG_INTERVAL_MS = 60_000

/** An answer that is an error. */
interface Refusal {
  readonly status: number
  readonly sentence: string
}

const bodyRefusals: Readonly<Record<BodyFault, Refusal>> = {
  too_large: { status: 413, sentence: 'The body has more than 16 MiB without its compression; send smaller batches.' },
  over_budget: { status: 503, sentence: 'Too many bodies are being read; try again.' },
  too_slow: { status: 503, sentence: 'The body arrives too slowly; try again.' },
}
const noSource: Refusal = {
  status: 404,
  sentence: 'No source of type otlp is configured in exporter.sources of clawtrust.yml.',
}
const wrongType: Refusal = {
  status: 415,
  sentence: 'The content type must be application/x-protobuf or application/json.',
}
const wrongCompression: Refusal = { status: 415, sentence: 'The content encoding must be gzip or identity.' }
const unreadable: Refusal = { status: 400, sentence: 'The body cannot be read.' }
const unanswered: Refusal = { status: 503, sentence: 'The log records are not committed yet; try again.' }

const statusOf: Readonly<Record<Exclude<Receipt['outcome'], 'committed'>, number>> = {
  malformed: 400,
  too_large: 413,
  unavailable: 503,
}

/**
 * `POST /v1/logs`: OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/). It is answered by 200 when the state holds
 * the records; every other answer says whether the sender is to repeat it.
 */
export function logRoutes(options: LogRoutesOptions): NonNullable<HttpServiceOptions['routes']> {
  const { clock, logger, answerMs = 8_000 } = options
  const budgets = { known: new BodyBudget(budgetLimits.known), stranger: new BodyBudget(budgetLimits.stranger) }
  const accounts = new WeakMap<RouteRequest, BodyAccount>()
  let loggedAt = Number.NEGATIVE_INFINITY

  const refuse = (request: RouteRequest, reply: RouteReply, { status, sentence }: Refusal) => {
    if (clock.monotonic() - loggedAt >= LOG_INTERVAL_MS) {
      loggedAt = clock.monotonic()
      logger.warn('A request with log records was refused.', { address: request.ip, status, reason: sentence })
    }
    // What is left of the body is not read.
    if (!request.raw.readableEnded) reply.header('Connection', 'close')
    return reply.code(status).send(`${sentence}\n`)
  }

  return app => {
    app.register(async scope => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', async (request: RouteRequest) => {
        const account = accounts.get(request)
        return account && bodyOf(request, { maxBody: MAX_BODY, account, clock })
      })
      scope.post('/v1/logs', {
        // Before the body is read: a request that is refused costs no memory.
        onRequest: async (request, reply) => {
          const refusal = refusalOf(request, options)
          if (refusal !== undefined) return refuse(request, reply, refusal)
          const kind = isAuthenticatedClient(request.client) ? 'known' : 'stranger'
          const account = budgets[kind].open(peerOf(request.ip))
          accounts.set(request, account)
          reply.raw.once('close', () => account.close())
        },
        handler: async (request, reply) => {
          const encoding = otlpEncoding(request.headers['content-type']) ?? 'json'
          const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
          const receipt = await within(answerMs, receiverIn(options.sources())?.receive?.({ encoding, body }))
          if (receipt === undefined) return refuse(request, reply, unanswered)
          if (receipt.outcome !== 'committed')
            return refuse(request, reply, { status: statusOf[receipt.outcome], sentence: receipt.sentence })
          const { contentType, body: answer } = exportResponse(encoding, receipt.malformed, REJECTED)
          return reply.type(contentType).send(answer)
        },
        errorHandler: (error, request, reply) => refuse(request, reply, bodyRefusalOf(error) ?? faultOf(error, logger)),
        // Also of what was refused before this route, as without credentials.
        onSend: async (request, reply, payload) => {
          const status = reply.statusCode
          if (status < 400 || typeof payload !== 'string') return payload
          if (status === 429 || status === 503) reply.header('Retry-After', RETRY_AFTER)
          const encoding = otlpEncoding(request.headers['content-type']) ?? 'json'
          const { contentType, body } = errorStatus(encoding, codeOf(status), payload.trimEnd())
          reply.type(contentType)
          return body
        },
      })
    })
  }
}

const REJECTED = 'Records that are malformed, nested too deeply or larger than 128 KiB were not counted.'

function refusalOf({ headers }: RouteRequest, { sources, notReady }: LogRoutesOptions): Refusal | undefined {
  if (otlpEncoding(headers['content-type']) === undefined) return wrongType
  if (!['identity', 'gzip'].includes(headers['content-encoding'] ?? 'identity')) return wrongCompression
  const reading = sources()
  if (reading !== undefined && receiverIn(reading) === undefined) return noSource
  const reason = reading === undefined ? 'The exporter is not reading.' : notReady()
  if (reason !== undefined) return { status: 503, sentence: reason }
  return Number(headers['content-length'] ?? 0) > MAX_BODY ? bodyRefusals.too_large : undefined
}

function receiverIn(sources: readonly Source[] = []): Source | undefined {
  return sources.find(({ receive }) => receive !== undefined)
}

/** A body that ends early or is no gzip. */
class UnreadableBody extends Error {}

async function bodyOf(request: RouteRequest, options: BodyOptions): Promise<Buffer> {
  try {
    return await readBody(decompressed(request), options)
  } catch (error) {
    throw error instanceof BodyRefused ? error : new UnreadableBody()
  }
}

function bodyRefusalOf(error: unknown): Refusal | undefined {
  if (error instanceof BodyRefused) return bodyRefusals[error.fault]
  return error instanceof UnreadableBody ? unreadable : undefined
}

/** An error of our own: the sender keeps what it has. */
function faultOf(error: unknown, logger: Logger): Refusal {
  logger.error('A request with log records failed.', { error })
  return { status: 503, sentence: 'The request failed; try again, or see the log of the exporter.' }
}

/** The body without its compression: what is not read of it is not decompressed. */
function decompressed({ raw, headers }: RouteRequest): Readable {
  if (headers['content-encoding'] !== 'gzip') return raw
  const gunzip = createGunzip()
  // A pipeline would end the connection with the first error, without an answer.
  raw.once('close', () => raw.complete || gunzip.destroy())
  return raw.pipe(gunzip)
}

/** Undefined where that takes longer, or there is nothing to wait for. */
async function within<T>(milliseconds: number, result: Promise<T> | undefined): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => late.resolve(undefined), milliseconds)
  return Promise.race([result, late.promise]).finally(() => clearTimeout(timer))
}
