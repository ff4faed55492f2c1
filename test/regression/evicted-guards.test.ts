import { expect, it } from '@jest/globals'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import { syntheticLines } from '../decoding/dialects/guard-records.ts'
import { batchOf, bench, NOON, total } from '../exporter/pipeline/fixtures.ts'

/** Records in the names of a thousand gateways end the watch of a guard that is silent: nothing showed it. */
it('guards that are given up for those of other gateways are counted', () => {
  const { pipeline, store } = bench({ dispatcher: createDispatcher(dialects) })
  const event = JSON.parse(syntheticLines('openshell/ocsf.synthetic.jsonl')[0] as string)
  const records = Array.from({ length: 1_005 }, (_, n) => {
    const body = JSON.stringify({ ...event, time: NOON, metadata: { ...event.metadata, uid: `event-${n}` } })
    return { id: `${n}`, body, gateway: `gw-${n}` }
  })
  pipeline.ingest('log', batchOf(records))
  expect(total(store, 'clawtrust_memory_evicted_total', 'guards')).toBe(5)
})
