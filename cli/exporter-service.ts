import { systemClock } from '../core/clock.ts'
import { createExporter } from '../exporter/app.ts'
import { discoverNetworks } from '../remediation/enrichment/discovery.ts'
import type { CreateExporter } from './context.ts'
import type { LoadedConfig } from './load-config.ts'
import { nameableNetworks } from './nameable-networks.ts'
import { readRunbook } from './runbooks.ts'

/** The exporter, with what it needs of the other parts: the networks that remediation protects, and the runbooks. */
export const createExporterService: CreateExporter = async (loaded, setup) => {
  const { logger } = setup
  const withNetworks = async (one: LoadedConfig) => {
    const mayBeNamedWhole = await nameableNetworks(one.config, { find: discoverNetworks, clock: systemClock, logger })
    return { ...one, mayBeNamedWhole }
  }
  const loadConfig = async () => withNetworks(await setup.loadConfig())
  return createExporter(await withNetworks(loaded), { ...setup, readRunbook, loadConfig })
}
