import { counted, timestamp } from '../../service/page/words.ts'
import type { ObservedFlow } from '../model/observed-flow.ts'
import type { Amount } from './report-model.ts'

/** `412 distinct flows (1,200 events)` */
export const amountWords = ({ flows, events }: Amount): string =>
  `${counted(flows, 'distinct flow')} (${counted(events, 'event')})`

/** Null without a flow. */
export function spanOf(flows: readonly Pick<ObservedFlow, 'firstSeen' | 'lastSeen'>[]) {
  if (flows.length === 0) return { firstSeen: null, lastSeen: null }
  const first = flows.reduce((least, { firstSeen }) => Math.min(least, firstSeen), Number.POSITIVE_INFINITY)
  const last = flows.reduce((most, { lastSeen }) => Math.max(most, lastSeen), Number.NEGATIVE_INFINITY)
  return { firstSeen: timestamp(first), lastSeen: timestamp(last) }
}
