import { describe, expect, it } from '@jest/globals'
import { type RecheckOutcome, recheck } from '../../../compliance/integrity/recheck.ts'
import { Fault } from '../../../core/errors.ts'
import { exampleReport } from '../example-report.ts'

const [known, privileged] = exampleReport().evidence

describe('a recheck', () => {
  const reading = { store: 'prometheus', address: '', query: '', value: 1, newest: null } as const

  it.each<[RecheckOutcome, { count: number; result: number | object }]>([
    ['same', { count: 3, result: { value: 212 } }],
    ['late', { count: 4, result: { value: 213 } }],
    ['fewer', { count: 2, result: { value: 200 } }],
    ['gone', { count: 0, result: {} }],
    ['changed', { count: 3, result: { value: 211 } }],
  ])('says %s and why, with both values', async (outcome, { count, result }) => {
    const report = exampleReport({ evidence: known === undefined ? [] : [known] })
    const [piece] = await recheck(report, async () => ({ ...reading, count, result: result as never }))
    expect(piece).toMatchObject({
      evidence: 'failures',
      outcome,
      before: { count: 3, value: 212 },
      now: { count, value: 1 },
    })
    expect(piece?.why).toMatch(/^[a-z].*[a-z]$/)
  })

  it('says of a store that it cannot be read now, and of one that could not be read then', async () => {
    const report = exampleReport()
    const rechecked = await recheck(report, async piece => {
      if (piece.id === 'privileged') throw new Fault('the cluster does not answer')
      return { ...reading, count: 3, result: { value: 212 } }
    })
    expect(rechecked.map(({ evidence, outcome }) => [evidence, outcome])).toEqual([
      ['failures', 'same'],
      ['privileged', 'not_read'],
      ['mfa', 'known_now'],
    ])
    expect(rechecked[1]?.why).toBe('the store cannot be read now: the cluster does not answer')
  })

  it('never shows the message of a foreign error', async () => {
    const report = exampleReport({ evidence: privileged === undefined ? [] : [privileged] })
    const [piece] = await recheck(report, () =>
      Promise.reject(Object.assign(new Error('hunter2'), { code: 'ECONNREFUSED' })),
    )
    expect(piece?.why).toBe('the store cannot be read now: ECONNREFUSED')
  })

  it('asks nothing for a report that is redacted', async () => {
    const rechecked = await recheck(exampleReport({ redacted: true }), () => Promise.reject(new Error('asked')))
    expect(new Set(rechecked.map(({ outcome }) => outcome))).toEqual(new Set(['redacted']))
  })
})
