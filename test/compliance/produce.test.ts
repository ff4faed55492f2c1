import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { type Production, produce } from '../../compliance/produce.ts'
import { periodNamed } from '../../compliance/schedule/periods.ts'
import { demoProduction, HandClock, removeFolders, reportFolder } from './made-reports.ts'

afterEach(removeFolders)

const period = periodNamed('2026-10', 'UTC') as NonNullable<ReturnType<typeof periodNamed>>
const { signal } = new AbortController()
const production = (folder: string, more: object = {}) =>
  demoProduction({ output_dir: folder, ...more }, new HandClock('2026-11-01T06:00:00Z'))

describe('a report that is made', () => {
  it('is whole in its folder, with the model whatever forms are configured, and a second one is its next revision', async () => {
    const folder = reportFolder()
    const first = await produce(period, await production(folder, { formats: ['csv'] }), signal)
    expect(readdirSync(first.folder).sort()).toEqual(['controls.csv', 'manifest.json', 'report.json'])
    const second = await produce(period, await production(folder), signal)
    expect([second.link.revision, second.folder]).toEqual([2, join(folder, '2026-10-r2')])
  })

  it('names a store that cannot be opened, and what rests on it is unknown', async () => {
    const folder = reportFolder()
    const base = await production(folder)
    let closed = 0
    const openStores: Production['openStores'] = async () => ({
      stores: {},
      unopened: { elasticsearch: 'it refuses the credentials' },
      close: async () => void closed++,
    })
    const { report } = await produce(period, { ...base, openStores }, signal)
    expect(report.stores.find(({ store }) => store === 'elasticsearch')).toMatchObject({
      state: 'unreachable',
      detail: 'it refuses the credentials',
    })
    expect(report.controls.filter(({ status }) => status === 'pass')).toEqual([])
    expect(closed).toBe(1)
  })

  it('is not there where it was stopped, and its stores are closed', async () => {
    const folder = reportFolder()
    const base = await production(folder)
    const stopping = new AbortController()
    let closed = 0
    const openStores: Production['openStores'] = async () => {
      const opened = await base.openStores()
      stopping.abort()
      return { ...opened, close: async () => void closed++ }
    }
    await expect(produce(period, { ...base, openStores }, stopping.signal)).rejects.toThrow()
    expect([readdirSync(folder), closed]).toEqual([[], 1])
  })

  it('is not begun with a key that cannot be used', async () => {
    const folder = reportFolder()
    const base = await production(folder, { signing_key_file: join(folder, 'missing.key') })
    const openStores = () => Promise.reject(new Error('the stores were asked'))
    await expect(produce(period, { ...base, openStores }, signal)).rejects.toMatchObject({
      code: 'REPORT_KEY_UNUSABLE',
    })
  })
})
