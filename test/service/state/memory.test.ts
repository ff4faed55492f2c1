import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { openMemoryState } from '../../../service/state/memory.ts'
import type { Json } from '../../../service/state/state.ts'
import { codePoint } from '../../code-point.ts'
import { savedMinutes } from './saved-state.ts'
import { counter, transaction } from './transactions.ts'

describe('state tables', () => {
  it('hold the newest value of every key, whatever text the keys hold', async () => {
    const text = fc.string({ unit: codePoint, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text, fc.nat()), { maxLength: 30 }), async writes => {
        const state = openMemoryState()
        const truth = new Map<string, number>()
        for (const [gateway, zone, value] of writes) {
          await state.commit(transaction({ series: [counter(value, gateway, zone)] }))
          truth.set(JSON.stringify([gateway, zone]), value)
        }
        const { series } = await state.load()
        expect(new Map(series.map(one => [JSON.stringify(one.labels), one.value]))).toEqual(truth)
        await state.close()
      }),
      { numRuns: 50 },
    )
  })

  it('give documents, cursors and blobs back as they were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async value => {
        fc.pre(value !== null)
        const state = openMemoryState()
        const json = JSON.parse(JSON.stringify(value)) as Json
        const blob = new Uint8Array([0, 255, 7])
        await state.commit(
          transaction({
            documents: [{ name: 'd', value: json }],
            cursors: [{ source: 's', key: 'k', value: json }],
            blobs: [{ name: 'b', value: blob }],
          }),
        )
        const saved = await state.load()
        expect(saved.documents).toEqual([{ name: 'd', value: json }])
        expect(saved.cursors).toEqual([{ source: 's', key: 'k', value: json }])
        expect([...(saved.blobs[0]?.value ?? [])]).toEqual([...blob])
        await state.close()
      }),
      { numRuns: 50 },
    )
  })

  it('forget a document and a cursor that are set to null', async () => {
    const state = openMemoryState()
    const documents = (value: Json) => [{ name: 'd', value }]
    const cursors = (value: Json) => [{ source: 's', key: 'k', value }]
    await state.commit(transaction({ documents: documents(1), cursors: cursors(1) }))
    await state.commit(transaction({ documents: documents(null), cursors: cursors(null) }))
    expect(await state.load()).toMatchObject({ documents: [], cursors: [] })
  })

  it('write nothing of a transaction that fails in its middle', async () => {
    const state = openMemoryState()
    await state.commit(transaction({ series: [counter(1, 'a')] }))
    const broken = { series: ['g', 'z', 's'], minute: Number.NaN, count: 1 }
    await expect(state.commit(transaction({ series: [counter(2, 'a')], minutes: [broken] }))).rejects.toThrow()
    expect((await state.load()).series).toEqual([counter(1, 'a')])
    const minute = { series: ['g', 'z', 's'], minute: 60, count: 1 }
    await state.commit(transaction({ minutes: [minute] }))
    expect((await state.load()).minutes).toEqual(savedMinutes([minute]))
  })

  it('delete the minutes before a time and give the others back oldest first', async () => {
    const state = openMemoryState()
    const at = (minute: number) => ({ series: ['g', 'z', 's'], minute, count: 1 })
    await state.commit(transaction({ minutes: [at(180), at(60), at(120)] }))
    await state.prune(120)
    expect((await state.load()).minutes).toEqual(savedMinutes([at(120), at(180)]))
  })
})
