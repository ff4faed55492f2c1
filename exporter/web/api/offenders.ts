import type { HttpServiceOptions } from '../../../service/http/http-service.ts'
import type { Offender } from '../../pipeline/offenders.ts'

/** One offender in the answer of `/api/v1/offenders`; null is unknown. */
export interface OffenderAnswer {
  readonly gateway: string
  readonly trust_zone: string
  /** A host, or a network in CIDR form, which has the country and the autonomous system of its first address. */
  readonly source_ip: string
  /** The IPv4 address that is embedded in it. */
  readonly embedded: string | null
  readonly signal: string
  readonly events: number
  readonly country: string | null
  readonly asn: number | null
  readonly as_organization: string | null
  readonly threat_lists: readonly { readonly list: string; readonly verdict: string }[]
}

/** `GET /api/v1/offenders`. */
export function offenderRoutes(offenders: () => readonly Offender[]): NonNullable<HttpServiceOptions['routes']> {
  return app => {
    app.get('/api/v1/offenders', (_request, reply) =>
      reply.type('application/json').send({ offenders: offenders().map(answerOf) }),
    )
  }
}

function answerOf({ gateway, trustZone, address, embedded, signal, events, facts }: Offender): OffenderAnswer {
  const { country, system, lists } = facts
  return {
    gateway,
    trust_zone: trustZone,
    source_ip: address,
    embedded: embedded ?? null,
    signal,
    events,
    country: country ?? null,
    asn: system?.number ?? null,
    as_organization: system?.organization ?? null,
    threat_lists: lists,
  }
}
