import type { HttpServiceOptions } from '../../../service/http/http-service.ts'
import type { Source } from '../../contracts/source.ts'
import type { IncompletePlace, UnrecognisedPlace } from '../../pipeline/recognition.ts'
import type { PipelineView } from '../../pipeline/view.ts'

/** One source in the answer of `/api/v1/sources`. */
export interface SourceAnswer {
  readonly source: string
  readonly kind: string
  readonly up: boolean
  /** Why it is not up, else null. */
  readonly reason: string | null
  /** Null before anything was read since the start. */
  readonly recognised: boolean | null
  /** Its files, indices and gateways of which nothing that was parsed is in a known format; at most 1,000 of a kind. */
  readonly unrecognised: readonly {
    readonly kind: UnrecognisedPlace['kind']
    readonly name: string
    readonly looks_like: string | null
    readonly advice: string | null
  }[]
  /** Its files and indices whose newest record is in an older form of its format; at most 1,000. */
  readonly incomplete: readonly {
    readonly kind: IncompletePlace['kind']
    readonly name: string
    readonly lacks: string
    readonly consequence: string
    readonly advice: string
  }[]
}

export interface SourceRoutesOptions {
  readonly sources: () => readonly Source[]
  readonly view: () => Pick<PipelineView, 'progress'>
}

/** `GET /api/v1/sources`. */
export function sourceRoutes({ sources, view }: SourceRoutesOptions): NonNullable<HttpServiceOptions['routes']> {
  return app => {
    app.get('/api/v1/sources', (_request, reply) =>
      reply.type('application/json').send({ sources: sources().map(source => answerOf(source, view())) }),
    )
  }
}

function answerOf({ name, kind, health }: Source, view: Pick<PipelineView, 'progress'>): SourceAnswer {
  const { up, reason = null } = health()
  const { isRecognised = null, unrecognised, incomplete } = view.progress(name)
  return {
    source: name,
    kind,
    up,
    reason: up ? null : reason,
    recognised: isRecognised,
    unrecognised: unrecognised.map(({ kind, name, format }) => ({
      kind,
      name,
      looks_like: format?.looksLike ?? null,
      advice: format?.advice ?? null,
    })),
    incomplete: incomplete.map(({ kind, name, lacks: { field, consequence, advice } }) => {
      return { kind, name, lacks: field, consequence, advice }
    }),
  }
}
