import { failureReason } from '../core/errors.ts'
import type { Json } from '../service/state/state.ts'
import type { EvidenceContext } from './evidence/kind.ts'
import type { Reading } from './evidence/reading.ts'
import { type EvidenceRequest, evidenceKind } from './evidence/registry.ts'
import { canonical, digestOf } from './model/digest.ts'

/** Requests that are under way at once: more would only wait in the stores. */
const AT_ONCE = 4

/** What was asked once, however many tests rest on it. */
export interface Collected {
  readonly request: EvidenceRequest
  /** From the request and the period; unique in a report. */
  readonly id: string
  /** The request in words. */
  readonly title: string
  readonly unit: string
  /** Null where it could not be read. */
  readonly reading: Reading | null
  /** Why it could not be read, in own words; empty if it was. */
  readonly fault: string
}

/** The same request has the same key. */
export const keyOf = (request: EvidenceRequest): string => canonical(request as Json)

/**
 * Asks for each request once, some at a time. A store that cannot be read gives a fault in its place, never an error: the
 * report is made, and says so.
 *
 * @param progress called after each request with how many are read
 */
export async function collect(
  requests: readonly EvidenceRequest[],
  context: EvidenceContext,
  progress: (done: number, all: number) => void = () => {},
): Promise<ReadonlyMap<string, Collected>> {
  const distinct = new Map(requests.map(request => [keyOf(request), request]))
  const waiting = [...distinct]
  const found = new Map<string, Collected>()
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [key, request] = next
      found.set(key, await read(request, context))
      progress(found.size, distinct.size)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  // In the order of the requests, whichever was answered first.
  return new Map([...distinct.keys()].map(key => [key, found.get(key) as Collected]))
}

async function read(request: EvidenceRequest, context: EvidenceContext): Promise<Collected> {
  const kind = evidenceKind(request)
  const { start, end } = context.period
  const named = {
    request,
    id: `e-${digestOf({ request: request as Json, start, end }).slice(0, 16)}`,
    title: kind.sentence(request),
    unit: kind.unit(request),
  }
  try {
    return { ...named, reading: await kind.read(request, context), fault: '' }
  } catch (error) {
    if (context.signal.aborted) throw error
    return { ...named, reading: null, fault: failureReason(error) }
  }
}
