import { readdirSync, rmSync } from 'node:fs'
import { afterAll, describe, expect, it } from '@jest/globals'
import { complianceSchema } from '../../compliance/config.ts'
import { asOnlyWriter } from '../../compliance/folder-writer.ts'
import { problemsOf } from '../../compliance/integrity/verify.ts'
import { type Production, produce } from '../../compliance/produce.ts'
import { periodNamed } from '../../compliance/schedule/periods.ts'
import { createLogger } from '../../service/log/logger.ts'
import { temporaryRoot, verified } from './integrity/stored-reports.ts'

const root = temporaryRoot()
afterAll(() => rmSync(root, { recursive: true, force: true }))

const production: Production = {
  config: { ...complianceSchema.parse({}), output_dir: root, formats: ['json'] },
  catalogue: { frameworks: [] },
  openStores: async () => ({ stores: {}, unopened: {}, async close() {} }),
  version: '0.3.0',
  printing: { path: '', temporaryFolder: root, isRoot: false },
  clock: { now: () => Date.UTC(2027, 0, 1), monotonic: () => 0 },
  logger: createLogger({ destination: { write: () => true } }),
}

describe('reports that are made at once into one folder', () => {
  it('are all there, one after the other in the chain', async () => {
    const names = ['2026-08', '2026-09', '2026-10', '2026-11', '2026-12', '2026-12']
    await Promise.all(
      names.map(async name => {
        const period = periodNamed(name, 'UTC')
        if (period === undefined) throw new TypeError(name)
        return produce(period, production, new AbortController().signal)
      }),
    )
    expect(
      readdirSync(root)
        .filter(name => !name.startsWith('.'))
        .sort(),
    ).toEqual([...names.slice(0, 5), '2026-12-r2', 'chain.json'])
    expect(problemsOf(await verified(root))).toEqual([])
  })

  it('wait for each other, and not for ever', async () => {
    const { signal } = new AbortController()
    const held = asOnlyWriter(root, () => asOnlyWriter(root, async () => 'written', signal, 0), signal)
    await expect(held).rejects.toMatchObject({
      code: 'REPORT_UNWRITABLE',
      message: expect.stringMatching(/another process writes into it/),
    })
    expect(await asOnlyWriter(root, async () => 'written', signal, 0)).toBe('written')
  })
})
