import { describe, expect, it } from '@jest/globals'
import { found, policyOf, replayed, withoutSamples } from './replayed.ts'
import { accessDocuments, accessPolicy, accessTruth } from './seeded-accesses.ts'
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

describe('a seeded history of accesses, replayed line by line', () => {
  const report = replayed(
    accessDocuments().map(document => JSON.stringify(document)),
    { candidate: policyOf(accessPolicy) },
  )

  it('has exactly the planted denials, unused rules and unknowns', () => {
    expect(found(report)).toEqual(accessTruth)
  })

  it('has them beside the flows of the same log', () => {
    const lines = [...seededDocuments(), ...accessDocuments()].map(document => JSON.stringify(document))
    const { totals, coverage } = replayed(lines, { candidate: policyOf(accessPolicy) })
    expect(totals.allow.events).toBe(report.totals.allow.events)
    const records = (hours: readonly (readonly number[])[]) => hours.flat().reduce((sum, each) => sum + each, 0)
    expect(records(report.coverage.hoursOfWeek)).toBe(accessDocuments().length)
    expect(records(coverage.hoursOfWeek)).toBeGreaterThan(accessDocuments().length)
  })
})
