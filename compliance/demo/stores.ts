import type { EpochMs } from '../../core/clock.ts'
import type { Stores } from '../evidence/stores.ts'
import { createDemoLedger } from './ledger.ts'
import { createDemoMetrics } from './metric-store.ts'
import { demoSeries } from './metrics.ts'
import { createDemoState } from './state.ts'
import { demoAlertNames } from './story.ts'

/**
 * Gives the stores of the demo as they were at a time: each of its months is reported as it was when it ended. Nothing is
 * read from this machine, and the same time gives the same answers.
 */
export function createDemoStores(): (now: EpochMs) => Stores {
  const prometheus = createDemoMetrics(demoSeries(), demoAlertNames)
  return now => ({ prometheus, ledger: createDemoLedger(now), state: createDemoState(now) })
}
