import { createDemoStores, demoExceptions, demoExpected } from '../compliance/demo/stores.ts'
import { DEMO_ORGANISATION, DEMO_TIME_ZONE, demoMonths } from '../compliance/demo/story.ts'
import type { Period } from '../compliance/evidence/period.ts'
import type { Production } from '../compliance/produce.ts'
import { periodNamed } from '../compliance/schedule/periods.ts'
import { MINUTE_MS } from '../core/clock.ts'
import type { Logger } from '../service/log/logger.ts'
import type { Config } from './config-schema.ts'
import type { CliContext } from './context.ts'
import { productionOf } from './report-config.ts'

/**
 * The reports of an invented company, the oldest first: each as it would have been made when its month had ended. Nothing
 * of this machine is read. The months before the last one are there for the trend, and without PDF.
 */
export async function demoProductions(
  config: Config,
  context: CliContext,
  logger: Logger,
): Promise<readonly { readonly period: Period; readonly production: Production }[]> {
  const { output_dir, formats, chromium, signing_key_file } = config.compliance
  const storesAt = createDemoStores()
  const base = await productionOf({ config, placeOf: key => key, isDefault: true }, context, logger)
  return demoMonths.map((name, index) => {
    const period = periodNamed(name, DEMO_TIME_ZONE)
    if (period === undefined) throw new TypeError(`${name} is a month`)
    const now = period.end + 5 * MINUTE_MS
    const isLast = index === demoMonths.length - 1
    return {
      period,
      production: {
        ...base,
        synthetic: true,
        expected: demoExpected(now),
        clock: { now: () => now, monotonic: base.clock.monotonic },
        openStores: async () => ({ stores: storesAt(now), unopened: {}, async close() {} }),
        config: {
          ...base.config,
          output_dir,
          formats: isLast ? formats : formats.filter(format => format !== 'pdf'),
          ...(chromium === undefined ? {} : { chromium }),
          ...(signing_key_file === undefined ? {} : { signing_key_file }),
          title: 'Zero-trust report',
          organisation: DEMO_ORGANISATION,
          time_zone: DEMO_TIME_ZONE,
          period: 'month',
          exceptions: [...demoExceptions],
        },
      },
    }
  })
}
