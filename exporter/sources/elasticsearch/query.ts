import type { estypes } from '@elastic/elasticsearch'
import { ClawtrustError } from '../../../core/errors.ts'
import { type SearchCompleteness, whatIsMissing } from '../../../service/elasticsearch/completeness.ts'
import type { Window } from './window.ts'

/** What every query of a source has in common. */
export interface Scope {
  readonly index: readonly string[]
  readonly cursorField: string
  /** Gateways of this reader's part; absent where one reader reads all. */
  readonly gateways?: GatewayFilter
}

export interface GatewayFilter {
  readonly field: string
  readonly names: readonly string[]
  /** True for the one part that also reads documents without a gateway. */
  readonly withMissing: boolean
}

export type Query = NonNullable<estypes.SearchRequest['query']>

/** Documents of the window, of this reader's gateways. */
export function windowQuery({ cursorField, gateways }: Scope, { after, through }: Window): Query {
  const range = { gt: after, lte: through, format: 'epoch_millis' }
  const filter: Query[] = [{ range: { [cursorField]: range } }]
  if (gateways !== undefined) filter.push(gatewayQuery(gateways))
  return { bool: { filter } }
}

function gatewayQuery({ field, names, withMissing }: GatewayFilter): Query {
  const named: Query = { terms: { [field]: [...names] } }
  if (!withMissing) return named
  return { bool: { should: [named, { bool: { must_not: { exists: { field } } } }] } }
}

/** Rejects an answer that has not all that was searched. */
export function refusePartial(answer: SearchCompleteness, doing: string): void {
  const what = whatIsMissing(answer)
  if (what !== undefined) throw partial(doing, what)
}

/** The failure of an answer that is a part only. */
export function partial(doing: string, what: string): ClawtrustError {
  return new ClawtrustError(
    'ELASTICSEARCH_PARTIAL',
    `Elasticsearch answered ${doing} only in part: ${what}; it is read again`,
    { recoverable: true },
  )
}
