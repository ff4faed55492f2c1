import type { Clock, EpochMs } from '../core/clock.ts'
import type { Engine } from './engine.ts'
import type { OpenedSources } from './enrichment/sources.ts'
import type { RemediationMetrics } from './metrics/definitions.ts'
import type { Ledger } from './store/ledger.ts'

export interface GaugeFacts {
  readonly metrics: RemediationMetrics
  readonly ledger: Ledger
  readonly engine: Engine
  readonly enrichment: Pick<OpenedSources, 'sources' | 'geoIp'>
  /** What is wrong with the ledger. */
  readonly fault: string | undefined
  readonly clock: Clock
}

/** Sets the gauges to what holds now; done before each scrape. */
export function setGauges({ metrics, ledger, engine, enrichment, fault, clock }: GaugeFacts): void {
  const { asked, count } = engine.runner.drift
  metrics.blocked.series().value = ledger.blocks.count()
  const now = clock.now()
  const age = (since: EpochMs | undefined) => (since === undefined ? 0 : Math.max(0, now - since) / 1_000)
  metrics.queue.series('decisions').value = engine.responder.waiting
  metrics.queue.series('approvals').value = ledger.incidents.count('proposed')
  metrics.queue.series('deliveries').value = ledger.outbox.count('waiting')
  metrics.oldestPending.series('decisions').value = age(ledger.incidents.oldest('received'))
  metrics.oldestPending.series('approvals').value = age(ledger.incidents.oldest('proposed'))
  metrics.oldestPending.series('deliveries').value = age(ledger.outbox.oldest('waiting'))
  metrics.deadLetters.series().value = ledger.outbox.count('dead')
  metrics.breakerOpen.series().value = engine.breaker.state(now) === undefined ? 0 : 1
  metrics.drift.series().value = asked ? count : -1
  metrics.ledgerOk.series().value = fault === undefined ? 1 : 0
  const { geoIp, sources } = enrichment
  if (geoIp !== undefined) {
    metrics.sourceUp.series('geoip_file').value = geoIp.trouble === undefined ? 1 : 0
    metrics.geoIpAge.series().value = geoIp.ageSeconds
  }
  for (const source of sources) {
    const { up, list } = source.state()
    if (up !== undefined) metrics.sourceUp.series(source.name).value = up ? 1 : 0
    if (list === undefined) continue
    metrics.listEntries.series(source.name).value = list.entries
    if (list.ageSeconds !== undefined) metrics.listAge.series(source.name).value = list.ageSeconds
  }
}

/** Takes the gauges of a configuration that is no longer in force away: a source that was removed must not seem to fail. */
export function removeSourceGauges(metrics: RemediationMetrics, { geoIp, sources }: GaugeFacts['enrichment']): void {
  if (geoIp !== undefined) {
    metrics.sourceUp.remove('geoip_file')
    metrics.geoIpAge.remove()
  }
  for (const { name } of sources) {
    for (const gauge of [metrics.sourceUp, metrics.listEntries, metrics.listAge]) gauge.remove(name)
  }
}
