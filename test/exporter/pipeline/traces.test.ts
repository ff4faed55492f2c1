import { describe, expect, it } from '@jest/globals'
import { DAY_MS, MINUTE_MS } from '../../../core/clock.ts'
import { parseOpenMetrics } from '../../service/series/open-metrics-parser.ts'
import { batchOf, bench, NOON, recordOf } from './fixtures.ts'

const trace = (digit: string, span = '') => ({
  traceId: digit.repeat(32),
  ...(span !== '' && { spanId: span.repeat(16) }),
})

async function exemplarsOf({ store }: ReturnType<typeof bench>) {
  let text = ''
  for await (const slice of store.render('openmetrics')) text += slice
  return parseOpenMetrics(`${text}# EOF\n`).flatMap(({ name, exemplar }) =>
    exemplar === undefined ? [] : [[name, exemplar.labels.get('trace_id')?.[0], exemplar.value, exemplar.time * 1_000]],
  )
}

const commit = ({ store }: ReturnType<typeof bench>) => store.publish(store.changes())

describe('the trace of an event', () => {
  it('is with the event that the page shows', () => {
    const { pipeline } = bench()
    pipeline.ingest('log', batchOf([recordOf('1', { trace: trace('a', 'b') })]))
    expect(pipeline.view.recentEvents()[0]?.trace).toEqual(trace('a', 'b'))
  })

  it('is that of the partner, where the leading line of a pair has none', () => {
    const { pipeline } = bench()
    const pair = (role: 'leading' | 'partner') => ({ key: 'c1', role })
    const partner = recordOf('1', { pair: pair('partner'), trace: trace('a') })
    pipeline.ingest('log', batchOf([partner, recordOf('2', { pair: pair('leading') })]))
    expect(pipeline.view.recentEvents()).toMatchObject([{ record: { id: '2' }, trace: trace('a') }])
  })

  it('is its own, where both lines have one', () => {
    const { pipeline } = bench()
    const pair = (role: 'leading' | 'partner') => ({ key: 'c1', role })
    const lines = [
      recordOf('1', { pair: pair('partner'), trace: trace('a') }),
      recordOf('2', { pair: pair('leading'), trace: trace('b') }),
    ]
    pipeline.ingest('log', batchOf(lines))
    expect(pipeline.view.recentEvents()).toMatchObject([{ trace: trace('b') }])
  })
})

describe('the exemplar of a counter', () => {
  it('is its newest event with a trace, by the time of the event', async () => {
    const all = bench()
    const records = [
      recordOf('1', { time: NOON - 3_000, trace: trace('a'), count: 4 }),
      recordOf('2', { time: NOON - 1_000, trace: trace('b'), count: 2 }),
      recordOf('3', { time: NOON - 2_000, trace: trace('c') }),
      recordOf('4', { time: NOON }),
    ]
    all.pipeline.ingest('log', batchOf(records))
    commit(all)
    expect(await exemplarsOf(all)).toEqual([['clawtrust_auth_failures_total', 'b', 2, NOON - 1_000]])
  })

  it('is never of a time to come, so that a forged time keeps no place', async () => {
    const all = bench()
    all.pipeline.ingest('log', batchOf([recordOf('1', { time: NOON + 3 * DAY_MS, trace: trace('a') })]))
    commit(all)
    expect(await exemplarsOf(all)).toEqual([['clawtrust_auth_failures_total', 'a', 1, NOON]])
    all.clock.time += MINUTE_MS
    all.pipeline.ingest('log', batchOf([recordOf('2', { time: NOON + MINUTE_MS, trace: trace('b') })]))
    commit(all)
    expect(await exemplarsOf(all)).toEqual([['clawtrust_auth_failures_total', 'b', 1, NOON + MINUTE_MS]])
  })
})
