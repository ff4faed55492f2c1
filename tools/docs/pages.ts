import { configSchema } from '../../cli/config-schema.ts'
import { complianceMetricDefinitions } from '../../compliance/metrics.ts'
import { blindSpots } from '../../core/blind-spots.ts'
import { errorCatalogue } from '../../core/error-catalogue.ts'
import { signals } from '../../core/signals.ts'
import { components, observers, principles } from '../../core/zero-trust.ts'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { envelopes, lineEnvelopes } from '../../decoding/envelopes/registry.ts'
import { dialects } from '../../decoding/registry.ts'
import { undecodedReasons } from '../../decoding/toolkit/record.ts'
import { reporters } from '../../exporter/sources/reporters.ts'
import { metricDefinitions } from '../../remediation/metrics/definitions.ts'
import { configurationPage } from './configuration.ts'
import { decodersPage } from './decoders.ts'
import { pipelineMetrics } from './defined-metrics.ts'
import { errorsPage } from './errors.ts'
import { type MetricTable, metricsPage } from './metrics.ts'
import { blindSpotPart } from './readme.ts'
import { signalsPage } from './signals.ts'

/** What OpenClaw's own log does not contain, on README.md. */
export const blindSpotTable = () => blindSpotPart(blindSpots, observers)

/** The content of each generated page, by its path in the repository. */
export function generatedPages(): Readonly<Record<string, string>> {
  const metricTables: readonly MetricTable[] = [
    { title: 'Exporter', definitions: pipelineMetrics() },
    { title: 'Remediation', definitions: metricDefinitions },
    { title: 'Compliance', definitions: complianceMetricDefinitions },
  ]
  const { prefilter } = createDispatcher(dialects)
  return {
    'docs/configuration.md': configurationPage(configSchema),
    'docs/decoders.md': decodersPage({
      dialects,
      envelopes,
      lineEnvelopes,
      prefilter: prefilter === 'all' ? [] : prefilter,
      reasons: undecodedReasons,
    }),
    'docs/errors.md': errorsPage(errorCatalogue),
    'docs/metrics.md': metricsPage(signals, metricTables),
    'docs/signals.md': signalsPage({
      principles,
      components,
      observers,
      signals,
      blindSpots,
      reporters,
      envelopes,
      metricTables,
    }),
  }
}
