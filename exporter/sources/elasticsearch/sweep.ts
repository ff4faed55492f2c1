import { setImmediate as turn } from 'node:timers/promises'
import type { Client } from '@elastic/elasticsearch'
import { noIndex } from '../../../service/elasticsearch/cursor-field.ts'
import type { Hit } from './hit.ts'
import { fetchPage, KEEP_ALIVE, type PageOptions, type PointInTime } from './page.ts'
import { refusePartial } from './query.ts'
import { refuseWithoutRemote } from './remote-shards.ts'
import type { Window } from './window.ts'
import type { CountedWindow } from './window-plan.ts'

/** A window of more documents is worth several slices. */
const SLICED = 10_000

/** Documents that are worked on between two turns of the event loop: some milliseconds. */
const PIECE = 400

/** How many slices a window is worth; one where its documents were not counted. */
export function slicesFor({ documents = 0 }: Partial<CountedWindow>, slices: number): number {
  return documents > SLICED ? slices : 1
}

/**
 * All documents of one window, each once, in no order: one point in time, read by `_shard_doc`, one page fetched ahead
 * of the one that is worked on, in each slice. A page is given in pieces. Throws on any failure, partial results
 * included; the caller then opens a new point in time and reads the window again.
 */
export async function* sweep(client: Client, window: Window, options: PageOptions): AsyncGenerator<readonly Hit[]> {
  const { scope, signal } = options
  const opened = await client.openPointInTime(
    { index: [...scope.index], keep_alive: KEEP_ALIVE, allow_partial_search_results: false },
    { signal },
  )
  const pit = { id: opened.id }
  try {
    refusePartial(opened, 'opening a point in time')
    await refuseWithoutRemote(client, scope, opened._shards, signal)
    if (opened._shards.total === 0) throw noIndex(scope)
    const slices = Array.from({ length: options.slices }, (_, slice) => pages(client, pit, window, slice, options))
    for await (const page of merged(slices)) {
      for (let begin = 0; begin < page.length; begin += PIECE) yield page.slice(begin, begin + PIECE)
    }
  } finally {
    // Left to expire where the cluster does not answer: closing is a courtesy.
    await client.closePointInTime({ id: pit.id }, { maxRetries: 0, requestTimeout: 1_000 }).catch(() => undefined)
  }
}

async function* pages(
  client: Client,
  pit: PointInTime,
  window: Window,
  slice: number,
  options: PageOptions,
): AsyncGenerator<readonly Hit[]> {
  let page = await fetchPage(client, pit, window, slice, undefined, options)
  for (;;) {
    if (page.hits.length > 0) yield page.hits
    if (page.next === undefined) return
    page = await fetchPage(client, pit, window, slice, page.next, options)
  }
}

/**
 * The items of several generators as they come; the first failure ends all. Each generator works on its next item while
 * the last one is worked on here.
 */
async function* merged<T>(generators: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const pending = new Map(generators.map((generator, index) => [index, step(generator, index)]))
  try {
    while (pending.size > 0) {
      const { index, result } = await Promise.race(pending.values())
      if (result.done === true) pending.delete(index)
      else {
        pending.set(index, step(generators[index] as AsyncGenerator<T>, index))
        // Without a turn of the event loop the work on this item holds up the request for the next one.
        await turn()
        yield result.value
      }
    }
  } finally {
    await Promise.allSettled(generators.map(generator => generator.return(undefined)))
  }
}

/**
 * A failure is reported when it is awaited. That may be later, while the last item is worked on, and must not end the
 * process.
 */
function step<T>(generator: AsyncGenerator<T>, index: number) {
  const next = generator.next().then(result => ({ index, result }))
  next.catch(() => undefined)
  return next
}
