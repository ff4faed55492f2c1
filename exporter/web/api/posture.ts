import { z } from 'zod'
import { isInForce } from '../../../core/acceptance.ts'
import { type Clock, DAY_MS, type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import { duration, parsed as parsedText, text } from '../../../core/config/schema.ts'
import { type PostureCheck, postureChecks } from '../../../core/labels/posture-checks.ts'
import type { Client } from '../../../service/http/client.ts'
import type { HttpServiceOptions } from '../../../service/http/http-service.ts'
import type { Logger } from '../../../service/log/logger.ts'
import { type Acceptance, MAX_ACCEPTANCES } from '../../pipeline/posture/acceptances.ts'
import { currentFindings, type ReadPosture } from '../../pipeline/posture/current-findings.ts'
import type { Posture } from '../../pipeline/posture/posture.ts'
import { parsed } from './request.ts'

/** Most findings of an answer. */
const MAX_FINDINGS = 5_000
const MAX_TERM = 400 * DAY_MS

const checkNamed = (name: string): PostureCheck | undefined => postureChecks.find(check => check === name)

const patternKeys = {
  check: parsedText({ expects: 'a check such as gateway.bind_no_auth', placeholder: '<check>' }, checkNamed).describe(
    'The check, as in the label of clawtrust_posture_findings.',
  ),
  target: text().exactOptional().describe('What the finding is about; without it, every target.'),
  gateway: text().exactOptional().describe('The gateway; without it, all gateways.'),
  who: text().exactOptional().describe('The operator, where the client has not signed in.'),
}
const words = z.string().min(1).max(500).meta({ expects: 'text', placeholder: '<text>' })
const acceptSchema = z
  .strictObject({
    ...patternKeys,
    why: words.describe('The reason.'),
    for: duration(MINUTE_MS, MAX_TERM).describe('How long it is accepted.'),
  })
  .superRefine(({ check, target }, context) => {
    if (check !== 'other' || target !== undefined) return
    const message = 'is missing; without it, every finding that is not known yet would be accepted'
    context.addIssue({ code: 'custom', path: ['target'], message })
  })
const expireSchema = z.strictObject(patternKeys)

/** The answer of `GET /api/v1/posture`; times are ISO 8601. */
export interface PostureAnswer {
  readonly snapshots: readonly {
    readonly gateway: string
    readonly trust_zone: string
    readonly producer: string
    readonly time: string
    /** Where it is false, the posture is unknown. */
    readonly valid: boolean
  }[]
  /** The most severe first. */
  readonly findings: readonly FindingAnswer[]
  /** Also those that ended in the last 90 days, newest first. */
  readonly acceptances: readonly AcceptanceAnswer[]
}

export interface FindingAnswer {
  readonly gateway: string
  readonly trust_zone: string
  readonly check: string
  readonly target: string
  readonly severity: string
  readonly summary: string
  /** Null where no acceptance is in force. */
  readonly accepted: AcceptanceAnswer | null
}

export interface AcceptanceAnswer {
  readonly check: string
  readonly target: string | null
  readonly gateway: string | null
  readonly who: string
  readonly why: string
  readonly accepted: string
  readonly until: string
  readonly in_force: boolean
  readonly ended_by: string | null
}

export interface PostureRoutesOptions {
  /** That of the running engine; a reload brings another. */
  readonly posture: () => ReadPosture & Pick<Posture, 'accept' | 'expire'>
  readonly clock: Pick<Clock, 'now'>
  readonly logger: Pick<Logger, 'info'>
}

/** `GET /api/v1/posture`, `POST /api/v1/posture/accept` and `POST /api/v1/posture/expire`. */
export function postureRoutes(options: PostureRoutesOptions): NonNullable<HttpServiceOptions['routes']> {
  const { posture, clock, logger } = options
  return app => {
    app.get('/api/v1/posture', (_request, reply) =>
      reply.type('application/json').send(answerOf(posture(), clock.now())),
    )
    app.post('/api/v1/posture/accept', (request, reply) => {
      const body = parsed(acceptSchema, request.body)
      if ('sentence' in body) return reply.code(400).type('application/json').send({ error: body.sentence })
      const { who, for: term, ...accepted } = body.value
      const now = clock.now()
      const acceptance: Acceptance = { ...accepted, who: operatorOf(request, who), accepted: now, until: now + term }
      if (!posture().accept(acceptance)) {
        const error = `The limit of ${MAX_ACCEPTANCES} acceptances is reached; expire some.`
        return reply.code(409).type('application/json').send({ error })
      }
      logger.info('A finding was accepted.', { ...accepted, who: acceptance.who, until: iso(acceptance.until) })
      return reply.type('application/json').send(acceptanceAnswer(acceptance, now))
    })
    app.post('/api/v1/posture/expire', (request, reply) => {
      const body = parsed(expireSchema, request.body)
      if ('sentence' in body) return reply.code(400).type('application/json').send({ error: body.sentence })
      const { who: named, ...pattern } = body.value
      const who = operatorOf(request, named)
      const ended = posture().expire(pattern, who, clock.now())
      if (ended === 0) {
        const error = 'No acceptance of this check, target and gateway is in force; GET /api/v1/posture lists them.'
        return reply.code(404).type('application/json').send({ error })
      }
      logger.info('The acceptance of a finding was ended.', { ...pattern, who })
      return reply.type('application/json').send({ ended })
    })
  }
}

/** Who has signed in goes before what a request says of itself. */
function operatorOf({ client, ip }: { readonly client: Client; readonly ip: string }, named: string | undefined) {
  return client.user ?? client.certificateNames?.[0] ?? named ?? ip
}

function answerOf(posture: ReadPosture, now: EpochMs): PostureAnswer {
  return {
    snapshots: [...posture.subjects].flatMap(({ gateway, trustZone, snapshots }) =>
      [...snapshots.values()].map(snapshot => ({
        gateway,
        trust_zone: trustZone,
        producer: snapshot.producer,
        time: iso(snapshot.time),
        valid: posture.isValid(snapshot, now),
      })),
    ),
    findings: currentFindings(posture, now)
      .slice(0, MAX_FINDINGS)
      .map(({ gateway, trustZone, finding, acceptance }) => {
        const accepted = acceptance === undefined ? null : acceptanceAnswer(acceptance, now)
        return { gateway, trust_zone: trustZone, ...finding, accepted }
      }),
    acceptances: posture.acceptances.list(now).map(entry => acceptanceAnswer(entry, now)),
  }
}

function acceptanceAnswer(acceptance: Acceptance, now: EpochMs): AcceptanceAnswer {
  const { check, target = null, gateway = null, who, why, accepted, until, ended } = acceptance
  return {
    check,
    target,
    gateway,
    who,
    why,
    accepted: iso(accepted),
    until: iso(until),
    in_force: isInForce(acceptance, now),
    ended_by: ended?.who ?? null,
  }
}

const iso = (time: EpochMs): string => new Date(time).toISOString()
