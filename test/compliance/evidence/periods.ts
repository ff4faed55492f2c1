import type { Period } from '../../../compliance/evidence/period.ts'

/** A month in which clocks are changed: it has 745 hours. */
export const october: Period = {
  name: '2026-10',
  start: Date.parse('2026-09-30T22:00:00Z'),
  end: Date.parse('2026-10-31T23:00:00Z'),
  timeZone: 'Europe/Berlin',
}
