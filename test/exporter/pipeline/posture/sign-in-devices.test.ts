import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HOUR_MS, MINUTE_MS } from '../../../../core/clock.ts'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import type { Fields } from '../../../../decoding/toolkit/fields.ts'
import type { SeriesStore } from '../../../../service/series/series.ts'
import { openMemoryState } from '../../../../service/state/memory.ts'
import { authority, batchOf, bench, NOON, total } from '../fixtures.ts'

const [first = ''] = readFileSync(
  new URL('../../../fixtures/entra/sign-ins.synthetic.jsonl', import.meta.url),
  'utf8',
).split('\n')

interface SignIn {
  readonly id: string
  readonly device?: string
  readonly compliant?: boolean
  /** Default: 0, a success. */
  readonly code?: string
  readonly time: number
}

/** A document of Elastic's integration, of the gateway `directory`. */
function signIn({ id, device, compliant, code = '0', time }: SignIn): { id: string; body: Fields } {
  const document = JSON.parse(first)
  const { signinlogs } = document.azure
  signinlogs.result_type = code
  Object.assign(signinlogs.properties, {
    id,
    status: { error_code: Number(code) },
    device_detail: { device_id: device ?? '', is_compliant: compliant },
  })
  const own = { '@timestamp': new Date(time).toISOString(), service: { instance: { id: 'directory' } } }
  return { id, body: { ...document, ...own } }
}

const inventory = (compliant: boolean, time: number) => ({
  id: `inventory ${time}`,
  body: JSON.stringify({ device: 'd-1', compliant, time: new Date(time).toISOString() }),
  gateway: 'directory',
})

/** A minute after noon: a time ahead of the clock is taken for now. */
function begin() {
  const parts = bench({ dispatcher: createDispatcher(dialects), authority })
  parts.clock.time = NOON + MINUTE_MS
  return parts
}

/** The gauges of devices, by their last label. */
async function devicesIn(store: SeriesStore): Promise<Record<string, number>> {
  let text = ''
  for await (const slice of store.render()) text += slice
  const samples = text.matchAll(/^clawtrust_device\w+\{gateway="directory",.*,(?:posture|device)="([^"]+)"\} (\d+)$/gm)
  return Object.fromEntries([...samples].map(([, name, value]) => [name, Number(value)]))
}

const DRIFTS = 'clawtrust_posture_drifts_total'
const UNTRUSTED = 'device_untrusted'

describe('a device by which people sign in at an identity provider', () => {
  it('is counted by its compliance, whether the sign-in succeeded or not, and not where nothing is said of it', async () => {
    const { pipeline, store } = begin()
    const records = [
      signIn({ id: 'a', device: 'd-1', compliant: true, time: NOON }),
      signIn({ id: 'b', device: 'd-2', compliant: false, code: '53000', time: NOON }),
      signIn({ id: 'c', device: 'd-3', time: NOON }),
      signIn({ id: 'd', compliant: false, time: NOON }),
    ]
    pipeline.ingest('log', batchOf(records))
    pipeline.observe()
    expect(await devicesIn(store)).toEqual({ trusted: 1, untrusted: 1, unknown: 0, 'd-2': 1 })
    expect(total(store, DRIFTS, UNTRUSTED)).toBe(1)
  })

  it('is one event when it turns, however often the same sign-in is exported, and stays by one that comes late', async () => {
    const { pipeline, store } = begin()
    const bad = signIn({ id: 'b', device: 'd-1', compliant: false, time: NOON + 2 })
    const late = signIn({ id: 'a', device: 'd-1', compliant: true, time: NOON + 1 })
    pipeline.ingest('log', batchOf([bad, { ...bad, id: 'again' }, late]))
    pipeline.observe()
    expect(await devicesIn(store)).toEqual({ trusted: 0, untrusted: 1, unknown: 0, 'd-1': 1 })
    expect(total(store, DRIFTS, UNTRUSTED)).toBe(1)
  })

  it('is the same device as that of an inventory with its name and gateway: the newest says whether it is compliant', async () => {
    const { pipeline, store } = begin()
    pipeline.ingest(
      'log',
      batchOf([inventory(true, NOON), signIn({ id: 'a', device: 'd-1', compliant: false, time: NOON + 1 })]),
    )
    pipeline.observe()
    expect(await devicesIn(store)).toEqual({ trusted: 0, untrusted: 1, unknown: 0, 'd-1': 1 })
    pipeline.ingest('log', batchOf([inventory(true, NOON + 2)]))
    pipeline.observe()
    expect(await devicesIn(store)).toEqual({ trusted: 1, untrusted: 0, unknown: 0 })
  })

  it('is unknown when nobody signs in by it any more', async () => {
    const { pipeline, store, clock } = begin()
    pipeline.ingest('log', batchOf([signIn({ id: 'a', device: 'd-1', compliant: false, time: NOON })]))
    clock.time = NOON + 26 * HOUR_MS + 1
    pipeline.observe()
    expect(await devicesIn(store)).toEqual({ trusted: 0, untrusted: 0, unknown: 1 })
  })

  it('is the same after a restart at any moment', async () => {
    const step = fc.record({
      device: fc.constantFrom('d-1', 'd-2'),
      compliant: fc.boolean(),
      code: fc.constantFrom('0', '53000', '50126'),
      restarts: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async steps => {
        const steady = begin()
        const database = openMemoryState()
        let { pipeline, store } = begin()
        for (const [number, { restarts, ...parts }] of steps.entries()) {
          const batch = batchOf([signIn({ id: `${number}`, time: NOON + number, ...parts })])
          steady.pipeline.ingest('log', batch)
          pipeline.ingest('log', batch)
          if (!restarts) continue
          await database.commit({ ...pipeline.changes(), series: store.changes() })
          ;({ pipeline, store } = begin())
          const saved = await database.load()
          store.restore(saved.series)
          pipeline.restore(saved)
        }
        pipeline.observe()
        steady.pipeline.observe()
        expect(await devicesIn(store)).toEqual(await devicesIn(steady.store))
        const expected = total(steady.store, DRIFTS, UNTRUSTED)
        await database.commit({ ...pipeline.changes(), series: store.changes() })
        const { series } = await database.load()
        await database.close()
        const drifts = [...series].filter(({ metric, labels }) => metric === DRIFTS && labels.includes(UNTRUSTED))
        expect(drifts.reduce((sum, { value }) => sum + value, 0)).toBe(expected)
      }),
      { numRuns: 30 },
    )
  })
})
