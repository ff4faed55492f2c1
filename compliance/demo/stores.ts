import { DAY_MS, type EpochMs } from '../../core/clock.ts'
import type { ExpectedCoverage } from '../evidence/coverage.ts'
import type { Stores } from '../evidence/stores.ts'
import { createDemoDocuments } from './document-store.ts'
import { demoIndices } from './documents.ts'
import { createDemoLedger } from './ledger.ts'
import { createDemoMetrics } from './metric-store.ts'
import { demoSeries } from './metrics.ts'
import { createDemoState } from './state.ts'
import { demoAlertNames, demoSources } from './story.ts'

/** What the company expects to observe at a time; its sources were added one after the other. */
export const demoExpected = (now: EpochMs): ExpectedCoverage => ({
  sources: demoSources.filter(({ since }) => since < now).map(({ name }) => ({ name, observers: [] })),
  indices: demoIndices
    .filter(({ since }) => since < now)
    .map(({ name, observer }) => ({
      index: name,
      timeField: '@timestamp',
      observers: [observer],
      silence: 2 * DAY_MS,
    })),
})

/** Deviations that the company accepts; the second one is over since the middle of October. */
export const demoExceptions = [
  {
    control: 'nist-sp-800-53/CM-6',
    owner: 'd.novak',
    reason: 'the research agent runs in a laboratory without access to data',
    expires: '2026-12-31',
  },
  {
    control: 'nist-sp-800-53/AC-6',
    owner: 'a.berg',
    reason: 'approvals of the laboratory were to get an approver',
    expires: '2026-10-15',
  },
] as const

/**
 * Gives the stores of the demo as they were at a time: each of its months is reported as it was when it ended. Nothing is
 * read from this machine, and the same time gives the same answers.
 */
export function createDemoStores(): (now: EpochMs) => Stores {
  const prometheus = createDemoMetrics(demoSeries(), demoAlertNames)
  return now => ({
    elasticsearch: createDemoDocuments(now),
    prometheus,
    ledger: createDemoLedger(now),
    state: createDemoState(now),
  })
}
