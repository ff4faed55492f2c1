import { describe, expect, it } from '@jest/globals'
import { found, replayed, withoutSamples } from './replayed.ts'
import { seededDocuments, seededTruth } from './seeded-history.ts'

describe('a seeded history, replayed line by line', () => {
  const report = replayed(seededDocuments().map(document => JSON.stringify(document)))

  it('has exactly the planted denials, unused rules and unknowns', () => {
    expect(found(report)).toEqual(seededTruth)
  })

  it('is judged as flows that would be denied, whatever else is missing', () => {
    expect(report.verdict.decision).toBe('would_deny')
    expect(report.verdict.reasons[0]).toBe('3 distinct flows (182 events) would be denied')
  })

  it('declares what the origin lost, and the hours without a record', () => {
    expect(report.gaps.map(({ kind }) => kind)).toContain('lost')
    expect(report.gaps.filter(({ kind }) => kind === 'silent')).toHaveLength(11)
    expect(report.coverage.emptyHours).toBe(7 * 15)
  })

  it('does not depend on the order of the records', () => {
    const reversed = replayed(
      seededDocuments()
        .toReversed()
        .map(document => JSON.stringify(document)),
    )
    expect(withoutSamples(reversed)).toEqual(withoutSamples(report))
  })
})
