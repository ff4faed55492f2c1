import { z } from 'zod'
import { blindSpots } from '../../../core/blind-spots.ts'
import { signalNames } from '../../../core/signals.ts'
import type { HttpServiceOptions } from '../../../service/http/http-service.ts'
import { type BlindCode, blindCodes } from '../signal-coverage/blindness.ts'
import { type Coverage, coverageStates, type DialectSetup, type Reader } from '../signal-coverage/coverage.ts'

const seconds = z.number().nullable()
const readers = z.array(z.object({ source: z.string(), dialect: z.string(), up: z.boolean(), last_event: seconds }))

/** What `GET /api/v1/coverage` answers, and `clawtrust doctor --json` prints as `coverage`; times in seconds since 1970. */
export const coverageAnswerSchema = z.object({
  signals: z.array(
    z.object({
      signal: z.enum(signalNames),
      state: z.enum(coverageStates),
      last_event: seconds,
      readers,
      trust_zones: z.array(z.object({ trust_zone: z.string(), state: z.enum(coverageStates), last_event: seconds })),
      /** Why it is blind; empty where it is not. */
      reasons: z.array(
        z.object({
          code: z.enum(Object.keys(blindCodes) as [BlindCode, ...BlindCode[]]),
          source: z.string().nullable(),
          sentence: z.string(),
        }),
      ),
      /** What of it is not counted although it is read. */
      limits: z.array(z.string()),
      /** Dialects that report it and are not read; `setup` has their lines. */
      unread: z.array(z.string()),
    }),
  ),
  /** What OpenClaw's own log does not contain. */
  blind_spots: z.array(
    z.object({
      name: z.enum(Object.keys(blindSpots) as [string, ...string[]]),
      what: z.string(),
      signal: z.enum(signalNames),
      state: z.enum([...coverageStates, 'unobservable']),
      readers,
      unread: z.array(z.string()),
    }),
  ),
  /** The exact lines to add for each dialect that is not read. */
  setup: z.record(z.string(), z.array(z.object({ where: z.string(), lines: z.array(z.string()) }))),
})
export type CoverageAnswer = z.output<typeof coverageAnswerSchema>

/** `GET /api/v1/coverage`. */
export function coverageRoutes(coverage: () => Coverage): NonNullable<HttpServiceOptions['routes']> {
  return app => {
    app.get('/api/v1/coverage', (_request, reply) => reply.type('application/json').send(coverageAnswer(coverage())))
  }
}

export function coverageAnswer({ signals, blindSpots: spots, setup }: Coverage): CoverageAnswer {
  return {
    signals: signals.map(({ signal, state, lastEvent, readers: read, zones, reasons, limits, unread: add }) => ({
      signal,
      state,
      last_event: inSeconds(lastEvent),
      readers: read.map(readerAnswer),
      trust_zones: zones.map(zone => {
        return { trust_zone: zone.trustZone, state: zone.state, last_event: inSeconds(zone.lastEvent) }
      }),
      reasons: reasons.map(({ code, source = null, sentence }) => ({ code, source, sentence })),
      limits: [...limits],
      unread: [...add],
    })),
    blind_spots: spots.map(({ name, what, signal, state, readers: read, unread: add }) => {
      return { name, what, signal, state, readers: read.map(readerAnswer), unread: [...add] }
    }),
    setup: Object.fromEntries(setup.map(setupEntry)),
  }
}

const setupEntry = ({ dialect, steps }: DialectSetup): [string, { where: string; lines: string[] }[]] => {
  return [dialect, steps.map(({ where, lines }) => ({ where, lines: [...lines] }))]
}

const readerAnswer = ({ source, dialect, up, lastEvent }: Reader) => {
  return { source, dialect, up, last_event: inSeconds(lastEvent) }
}

const inSeconds = (time: number | undefined): number | null => (time === undefined ? null : time / 1000)
