import { isProvenHolder } from '../../service/http/client.ts'
import type { RouteHost, RouteRequest } from '../../service/http/http-service.ts'
import { visible } from '../../service/page/visible.ts'
import { timestamp } from '../../service/page/words.ts'
import type { OpenBreaker } from '../store/breaker.ts'
import { type Command, commandKinds } from '../store/commands.ts'
import { hasShownToken, isByToken, type OperatorAccess, operatorName, operatorRefusal } from './authentication.ts'
import { withTime } from './commands.ts'
import type { IncidentView } from './page/model.ts'
import { answerPage, confirmationPage } from './page/questions.ts'

export interface OperatorRoutes {
  readonly access: () => OperatorAccess
  /** Undefined while it is closed. */
  readonly breaker: () => OpenBreaker | undefined
  /** Milliseconds that an unblocked target is left alone. */
  readonly gracePeriod: () => number
  readonly incident: (id: string) => IncidentView | undefined
  /** Resolves with the result in one sentence. */
  readonly run: (command: Omit<Command, 'id'>) => Promise<string>
}

/**
 * `GET /breaker`, and `POST /commands/<kind>` with the form field `argument`: the commands of the command line. A browser
 * is asked first: without the field `confirmed` it gets the question, whose form is the same request with it.
 */
export function registerOperator(
  app: RouteHost,
  { access, breaker, gracePeriod, incident, run }: OperatorRoutes,
): void {
  app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 1_024 }, (_request, body, done) => done(null, body))
    scope.get('/breaker', async (_request, reply) => reply.type('application/json').send(shown(breaker())))
    scope.route<{ Params: { kind: string } }>({
      method: 'POST',
      url: '/commands/:kind',
      config: {
        ownAuthentication: request => isByToken(request.headers, access()),
        isProvenSender: ({ headers }) => hasShownToken(headers, access()),
      },
      onRequest: async (request, reply) => {
        if (isProvenHolder(request.client, 'command')) return
        const refusal = operatorRefusal(request.headers, access())
        if (refusal !== undefined) return reply.code(refusal.status).send(`${refusal.sentence}\n`)
      },
      handler: async (request, reply) => {
        const kind = commandKinds.find(known => known === request.params.kind)
        if (kind === undefined)
          return reply.code(404).send(`Unknown command; commands are ${commandKinds.join(', ')}.\n`)
        const form = new URLSearchParams(String(request.body ?? ''))
        const argument = withTime(form.get('argument') ?? '', form.get('for') ?? undefined)
        const byBrowser = String(request.headers.accept).includes('text/html')
        if (byBrowser && form.get('confirmed') !== 'yes') {
          const about = kind === 'approve' || kind === 'reject' ? incident(argument) : undefined
          const { body, headers } = confirmationPage({ kind, argument, incident: about, gracePeriod: gracePeriod() })
          return reply.headers(headers).send(body)
        }
        const actor = operatorName(request.client, request.ip, certificateName(request))
        const sentence = await run({ kind, argument, actor })
        if (!byBrowser) return reply.send(`${visible(sentence)}\n`)
        const { body, headers } = answerPage(sentence)
        return reply.headers(headers).send(body)
      },
    })
  })
}

const shown = (breaker: OpenBreaker | undefined): object =>
  breaker === undefined
    ? { open: false }
    : {
        open: true,
        cap: breaker.cap,
        opened_at: timestamp(breaker.openedAt),
        closes_at: timestamp(breaker.closesAt),
      }

/** Undefined where no certificate was verified. */
function certificateName({ client, raw: { socket } }: RouteRequest): string | undefined {
  if (client.certificateNames === undefined) return undefined
  if (!('getPeerCertificate' in socket) || typeof socket.getPeerCertificate !== 'function') return undefined
  const name: unknown = socket.getPeerCertificate()?.subject?.CN
  return typeof name === 'string' ? name : undefined
}
