import { MINUTE_MS } from '../../core/clock.ts'
import { valueAt } from '../../core/json.ts'
import { spelledOut } from '../../core/time/duration.ts'
import { refusal } from '../call.ts'
import { type Finding, indexPath, note, ok, problem, type Subject } from './contract.ts'

/** Smaller skew is not reported. */
const SKEW = MINUTE_MS
/** Shorter silence is not reported. */
const QUIET = 15 * MINUTE_MS

/** Compares the clocks of Elasticsearch, of gateways and shippers, and of this machine. */
export async function checkClocks(subject: Subject): Promise<readonly Finding[]> {
  const server = await serverClock(subject)
  const skewed = server.some(({ kind }) => kind === 'problem')
  // The ingestion times of a server whose clock is wrong say nothing of the others.
  return skewed ? server : [...server, ...(await newestTimes(subject))]
}

/**
 * A range of dates in an aggregation that begins at `now` is answered with the time of the server at which it began
 * (https://www.elastic.co/docs/reference/aggregations/search-aggregations-bucket-daterange-aggregation); a search is all
 * that it needs. A response without a range, as where no index matches, is not compared.
 */
async function serverClock(subject: Subject): Promise<readonly Finding[]> {
  const path = `/${indexPath(subject)}/_search?size=0&request_cache=false&filter_path=aggregations`
  const clock = { date_range: { field: subject.cursorField, ranges: [{ from: 'now' }] } }
  const asked = subject.now()
  const answer = await subject.ask({ method: 'POST', path, body: { query: { match_none: {} }, aggs: { clock } } })
  const started = valueAt(answer.body, 'aggregations', 'clock', 'buckets', '0', 'from')
  if (answer.status !== 200 || typeof started !== 'number') return []
  const ahead = Math.max(0, started - subject.now()) + Math.min(0, started - asked)
  if (Math.abs(ahead) <= SKEW) return [ok('the clocks of Elasticsearch and this machine agree within a minute')]
  const [direction, effect] =
    ahead > 0
      ? ['ahead of', 'documents are read late, when their ingestion time is reached']
      : [
          'behind',
          'documents are ingested with a time that was already read, and found only by the comparison of minutes',
        ]
  return [
    problem(
      `the clock of Elasticsearch is ${spelledOut(Math.abs(ahead))} ${direction} that of this machine: ${effect}; synchronise the clocks of both machines (NTP)`,
    ),
  ]
}

/** Compares the newest timestamps in the index with each other and with the clock of this machine. */
async function newestTimes(subject: Subject): Promise<readonly Finding[]> {
  const { ask, cursorField } = subject
  const now = subject.now()
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
