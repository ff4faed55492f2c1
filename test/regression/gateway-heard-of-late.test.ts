import { expect, it } from '@jest/globals'
import { MINUTE_MS } from '../../core/clock.ts'
import { derivationLimits } from '../../exporter/pipeline/derivation.ts'
import { batchOf, bench, NOON, recordOf } from '../exporter/pipeline/fixtures.ts'

it('derives what is observed of a gateway that is heard of late, where there are too many', () => {
  const { pipeline } = bench({ derivation: { ...derivationLimits, gateways: 8 } })
  const of = (host: string, minute: number) =>
    recordOf(host, { time: NOON + minute * MINUTE_MS, actor: { identity: `ops of ${host}` }, origin: { host } })
  const crowd = Array.from({ length: 8 }, (_, index) => of(`gw-${index}`, 10 + index))
  pipeline.ingest('log', batchOf([...crowd, of('late', 0)]))
  pipeline.ingest('log', batchOf([], { watermark: NOON + 20 * MINUTE_MS }))
  while (pipeline.closeMinutes());
  const { documents } = pipeline.changes()
  const saved = (prefix: string) => documents.filter(({ name, value }) => name.startsWith(prefix) && value !== null)
  expect(saved('observations/')).toEqual([])
  expect(JSON.stringify(saved('seen-identity/'))).toContain('ops of late')
})
