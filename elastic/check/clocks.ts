import { MINUTE_MS } from '../../core/clock.ts'
import { valueAt } from '../../core/json.ts'
import { spelledOut } from '../../core/time/duration.ts'
import { refusal } from '../call.ts'
import { type Finding, indexPath, note, ok, problem, type Subject } from './contract.ts'

/** Smaller skew is not reported. */
const SKEW = MINUTE_MS
/** Shorter silence is not reported. */
const QUIET = 15 * MINUTE_MS

/** Compares the newest timestamps in the index with each other and with the clock of this machine. */
export async function checkClocks(subject: Subject): Promise<readonly Finding[]> {
  const { ask, cursorField, now } = subject
  const newest = (field: string) => ({ max: { field } })
  const answer = await ask({
    method: 'POST',
    path: `/${indexPath(subject)}/_search?filter_path=aggregations`,
    body: { size: 0, aggs: { ingested: newest(cursorField), event: newest('@timestamp') } },
  })
  if (answer.status !== 200) return [note(`times cannot be compared (${refusal(answer)})`)]
  const ingested = valueAt(answer.body, 'aggregations', 'ingested', 'value')
  const event = valueAt(answer.body, 'aggregations', 'event', 'value')
  if (typeof ingested !== 'number') return []
  const findings = [...future(cursorField, ingested, now), ...later(event, ingested), ...quiet(ingested, now)]
  return findings.length > 0
    ? findings
    : [ok('the clocks of gateways, shippers and this machine agree within a minute')]
}

function future(field: string, ingested: number, now: number): readonly Finding[] {
  if (ingested - now <= SKEW) return []
  const where = field === 'event.ingested' ? 'the shipper or an ingest node' : 'a gateway'
  return [
    problem(
      `the newest ${field} is ${spelledOut(ingested - now)} ahead of the clock of this machine: correct the clock of ${where}, or of this machine; documents are read when their time is reached`,
    ),
  ]
}

function later(event: unknown, ingested: number): readonly Finding[] {
  if (typeof event !== 'number' || event - ingested <= SKEW) return []
  return [
    problem(
      `a document contains an event ${spelledOut(event - ingested)} after its ingestion: the clock of its gateway is ahead; correct it, because its events are counted in wrong minutes`,
    ),
  ]
}

function quiet(ingested: number, now: number): readonly Finding[] {
  if (now - ingested <= QUIET) return []
  return [
    note(
      `no document was ingested for ${spelledOut(now - ingested)}: the gateways are idle, or the shipper has stopped`,
    ),
  ]
}
