import type { ControlTest } from '../../../compliance/controls/catalogue.ts'
import type { JudgeContext, TestEvidence } from '../../../compliance/controls/judge.ts'
import type { SourceCoverage } from '../../../compliance/evidence/coverage.ts'
import type { Period } from '../../../compliance/evidence/period.ts'
import type { Reading } from '../../../compliance/evidence/reading.ts'
import { DAY_MS, HOUR_MS } from '../../../core/clock.ts'

/** November 2026, in UTC. */
export const NOVEMBER: Period = {
  name: '2026-11',
  start: Date.UTC(2026, 10, 1),
  end: Date.UTC(2026, 11, 1),
  timeZone: 'UTC',
}

/** A test of failed sign-ins: at most 500, fresh within a day, with the gateway's log for 95 % of the period. */
export const boundedFailures: ControlTest = {
  id: 'failures-bounded',
  title: 'Failed sign-ins',
  evidence: { from: 'metric', signal: 'auth_failures', measure: 'increase' },
  threshold: { bound: 'at_most', value: 500, parameter: '' },
  freshness: DAY_MS,
  telemetry: ['gateway'],
  telemetryShare: 0.95,
}

const reading: Reading = {
  store: 'prometheus',
  address: 'http://127.0.0.1:9090',
  query: 'sum(increase(clawtrust_auth_failures_total[30d]))',
  result: 312,
  count: 4,
  value: 312,
  newest: NOVEMBER.end - HOUR_MS,
}

export const evidence = (changes: Partial<Reading> = {}, more: Partial<TestEvidence> = {}): TestEvidence => ({
  reading: { ...reading, ...changes },
  fault: '',
  unit: 'events',
  ...more,
})

export const source = (changes: Partial<SourceCoverage> = {}): SourceCoverage => ({
  source: 'openclaw',
  observers: ['gateway'],
  share: 1,
  lastEvent: NOVEMBER.end - HOUR_MS,
  gaps: [],
  ...changes,
})

export const observed = (...sources: readonly SourceCoverage[]) =>
  ({ period: NOVEMBER, coverage: { sources } }) satisfies JudgeContext

/** A gap of some hours from the beginning of a day of November. */
export const gap = (day: number, hours: number) => ({
  of: 'openclaw',
  start: Date.UTC(2026, 10, day),
  end: Date.UTC(2026, 10, day) + hours * HOUR_MS,
  reason: 'the source was down',
})
