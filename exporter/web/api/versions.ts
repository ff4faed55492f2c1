import type { Product } from '../../../core/labels/products.ts'
import type { HttpServiceOptions } from '../../../service/http/http-service.ts'
import type { ReadVersions } from '../../pipeline/versions/observed-versions.ts'

/** The answer of `GET /api/v1/versions`; times are ISO 8601. */
export interface VersionsAnswer {
  /** By gateway, product, and the order in which versions were first seen. */
  readonly versions: readonly VersionAnswer[]
}

export interface VersionAnswer {
  readonly gateway: string
  readonly product: Product
  readonly version: string
  /** True of the version that was reported last. */
  readonly current: boolean
  /** When its first record was read. */
  readonly since: string
  /** Minutes with records, and with undecoded ones. */
  readonly minutes: number
  readonly undecoded_minutes: number
  /** Whether its log differs from that of the versions before it. */
  readonly changed: boolean
  /** More of its minutes have undecoded records, and a signal is gone. */
  readonly more_undecoded: boolean
  /** Redacted samples: log templates that no version before it wrote. */
  readonly new_templates: readonly string[]
}

/** `GET /api/v1/versions`. */
export function versionRoutes(versions: () => ReadVersions): NonNullable<HttpServiceOptions['routes']> {
  return app => {
    app.get('/api/v1/versions', (_request, reply) => reply.type('application/json').send(answerOf(versions())))
  }
}

function answerOf(read: ReadVersions): VersionsAnswer {
  return {
    versions: read.list().flatMap(({ gateway, product, versions }) =>
      versions.map(({ version, isCurrent, since, minutes, undecodedMinutes, newTemplates, hasMoreUndecoded }) => ({
        gateway,
        product,
        version,
        current: isCurrent,
        since: new Date(since).toISOString(),
        minutes,
        undecoded_minutes: undecodedMinutes,
        changed: newTemplates.length > 0 || hasMoreUndecoded,
        more_undecoded: hasMoreUndecoded,
        new_templates: newTemplates,
      })),
    ),
  }
}
