import type { Client, estypes } from '@elastic/elasticsearch'
import { IdHasher } from './id-hash.ts'
import { aggregate } from './index-times.ts'
import type { Shard } from './options.ts'
import type { GatewayFilter, Scope } from './query.ts'
import type { Window } from './window.ts'

const PAGE = 1_000

/** The part, 1 to `of`, that reads a gateway: the same in every reader, whatever other gateways there are. */
export function partOf(gateway: string, of: number): number {
  return ((new IdHasher().ofText(gateway).low >>> 0) % of) + 1
}

/** The gateways of one reader's part. A new one is known before the first window that holds a document of it is read. */
export class ShardGateways {
  readonly #shard: Shard
  readonly #names = new Set<string>()

  constructor(shard: Shard) {
    this.#shard = shard
  }

  get filter(): GatewayFilter {
    const { field, part } = this.#shard
    return { field, names: [...this.#names], withMissing: part === 1 }
  }

  /** Takes note of all gateways that have documents in the window. */
  async look(client: Client, scope: Scope, window: Window, signal: AbortSignal): Promise<void> {
    const { part, of } = this.#shard
    for await (const gateway of this.#list(client, scope, window, signal)) {
      if (partOf(gateway, of) === part) this.#names.add(gateway)
    }
  }

  async *#list(client: Client, { index, cursorField }: Scope, window: Window, signal: AbortSignal) {
    let after: estypes.AggregationsCompositeAggregateKey | undefined
    do {
      const composite = {
        size: PAGE,
        sources: [{ gateway: { terms: { field: this.#shard.field } } }],
        ...(after === undefined ? {} : { after }),
      }
      const answer = await aggregate(client, { index, cursorField }, window, { gateways: { composite } }, signal)
      const page = answer.gateways as estypes.AggregationsCompositeAggregate | undefined
      for (const { key } of (page?.buckets ?? []) as estypes.AggregationsCompositeBucket[]) yield String(key.gateway)
      after = page?.after_key
    } while (after !== undefined)
  }
}
