import { describe, expect, it } from '@jest/globals'
import type { CliContext } from '../../cli/context.ts'
import { readAgainOf } from '../../cli/report-again.ts'
import { recheck } from '../../compliance/integrity/recheck.ts'
import { aReport, evidencePiece } from '../compliance/reports.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({
  'clawtrust.yml': 'exporter: { state_dir: state }\nremediation: { state_dir: ledger }\n',
})

const again = async (result: number | null) => {
  const stores = await readAgainOf({ folder } as CliContext, { 'config.file': 'clawtrust.yml' })
  const request = { from: 'metric', signal: 'auth_failures', measure: 'increase' }
  const report = aReport({
    evidence: [evidencePiece({ request, store: 'prometheus', count: 4, result })],
  })
  const [piece] = await recheck(report, stores.readAgain)
  await stores.close()
  return piece
}

describe('asking the stores again', () => {
  it('says of a store that is not configured here that it cannot be read, and not that the evidence is gone', async () => {
    expect(await again(4)).toMatchObject({
      outcome: 'not_read',
      now: null,
      why: 'the store cannot be read now: compliance.prometheus is not configured here',
    })
  })

  it('compares what was asked without a store then too', async () => {
    expect((await again(null))?.now).toMatchObject({ count: 0, value: null })
  })
})
