import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { EpochMs } from '../../core/clock.ts'
import type { RenderedMetrics } from './exposition.ts'
import { renderRegistry } from './registry.ts'

export interface BuildInfo {
  readonly version: string
  /** The commit of the build, if known. */
  readonly revision?: string
}

/**
 * The process metrics. prom-client keeps them in a separate registry: every label value comes from a closed set,
 * because text in a label can make prom-client's keys collide (docs/adr/0001).
 */
export interface ProcessMetrics extends RenderedMetrics {
  /** Reports the result of loading the configuration; the initial load counts too. */
  configReloaded(successful: boolean, at: EpochMs): void
  scrapeRefused(): void
}

/** Gauges of prom-client with the name of a counter, which promtool rejects. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

export function createProcessMetrics(build: BuildInfo): ProcessMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED) registry.removeSingleMetric(name)

  new Gauge({
    name: 'clawtrust_build_info',
    help: 'Always 1; the labels describe the build.',
    labelNames: ['version', 'revision', 'node_version'],
    registers,
  }).set({ version: build.version, revision: build.revision ?? 'unknown', node_version: process.version }, 1)

  const successful = new Gauge({
    name: 'clawtrust_config_last_reload_successful',
    help: '1 if the last reload of the configuration succeeded, 0 if it failed and the previous one stayed in force.',
    registers,
  })
  const successTime = new Gauge({
    name: 'clawtrust_config_last_reload_success_timestamp_seconds',
    help: 'Time of the last successful reload of the configuration, seconds since 1970.',
    registers,
  })
  const refused = new Counter({
    name: 'clawtrust_http_scrapes_refused_total',
    help: 'Scrapes that were answered 503 because too many were in progress.',
    registers,
  })

  return {
    configReloaded(taken, at) {
      successful.set(taken ? 1 : 0)
      if (taken) successTime.set(at / 1_000)
    },
    scrapeRefused: () => refused.inc(),
    render: format => renderRegistry(registry, format),
  }
}
