import { describe, expect, it } from '@jest/globals'
import { REDACTED, redact } from '../../../compliance/model/redact.ts'
import { aReport, evidencePiece } from '../reports.ts'

const shown = (text: string): string => redact(aReport({ title: text })).title

describe('a redacted report', () => {
  it.each([
    ['from 203.0.113.7', `from ${REDACTED}`],
    ['from 203.0.113.7.', `from ${REDACTED}.`],
    ['203.0.113.7:443 and [2001:db8::1]:443', `${REDACTED}:443 and [${REDACTED}]:443`],
    ['2001:db8::1', REDACTED],
    ['::ffff:203.0.113.7', REDACTED],
    ['the network 203.0.113.0/24,', `the network ${REDACTED},`],
    ['alice.smith@example.org has left', `${REDACTED} has left`],
  ])('has none of the addresses in %j', (text, expected) => {
    expect(shown(text)).toBe(expected)
  })

  it.each([
    '2026-11-30T12:30:45.000Z',
    'at 12:30',
    'AC-6(9)',
    'version 5.1.1',
    'a ratio of 3:1',
    '1.5 %',
    'sc-7.5_obj-1',
    '6ba7b810-9dad-51d1-80b4-00c04fd430c8',
  ])('keeps %j', text => {
    expect(shown(text)).toBe(text)
  })

  it('has no results, queries, samples and hosts of stores, and keeps counts, values and hashes', () => {
    const piece = evidencePiece({
      address: 'https://logs-1.example:9200',
      query: { term: { 'user.name': 'alice' } },
      result: { users: ['alice'] },
      samples: ['alice-1'],
      count: 7,
      value: 7,
    })
    const report = redact(
      aReport({
        evidence: [piece],
        stores: [{ store: 'elasticsearch', address: 'https://logs-1.example:9200', state: 'read', detail: '' }],
      }),
    )
    expect(JSON.stringify(report)).not.toMatch(/alice|logs-1/)
    expect(report.evidence[0]).toMatchObject({ count: 7, value: 7, sha256: piece.sha256, byZone: piece.byZone })
    expect(report.redacted).toBe(true)
  })
})
