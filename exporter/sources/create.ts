import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { SourceConfig } from '../config.ts'
import type { LinesDecoding } from './file/decoding/decoding-thread.ts'
import { createFileSource } from './file/source.ts'
import { createCaptureSource } from './recording/capture.ts'
import { createDemoSource } from './recording/demo.ts'
import type { Sleep } from './recording/played.ts'
import type { Source } from './source.ts'

export interface SourceDependencies {
  readonly clock: Clock
  readonly logger: Logger
  /** Texts of which a line must hold at least one to be worth decoding. */
  readonly wanted: readonly string[]
  /** Decodes what log files hold, beside this thread. */
  readonly decoding?: LinesDecoding
  /** How recordings wait for what comes next. Default: as the clock on the wall goes. */
  readonly sleep?: Sleep
}

/** The source that a section of the configuration describes. */
export async function createSource(
  config: SourceConfig,
  { clock, logger, wanted, decoding, sleep }: SourceDependencies,
): Promise<Source> {
  const own = logger.with({ source: config.name })
  switch (config.type) {
    case 'file': {
      const { name, paths, gateway_pattern, gateway = gateway_pattern, start_at } = config
      const options = {
        name,
        paths,
        ...(gateway === undefined ? {} : { gateway }),
        ...(start_at === undefined ? {} : { startAt: start_at }),
      }
      return createFileSource(options, {
        clock,
        logger: own,
        decodersWanted: wanted,
        ...(decoding === undefined ? {} : { decoding }),
      })
    }
    case 'elasticsearch': {
      // With its client it takes 30 MiB and a third of the start: only who reads Elasticsearch pays for it.
      const { createElasticsearchSourceFrom } = await import('./elasticsearch/create.ts')
      return createElasticsearchSourceFrom(config, { clock, logger: own, wanted })
    }
    case 'recording': {
      const { name, gateway, recording, attack_days_ago: attackDaysAgo } = config
      const create = recording === 'demo' ? createDemoSource : createCaptureSource
      const options = {
        name,
        ...(gateway === undefined ? {} : { gateway }),
        ...(attackDaysAgo === undefined ? {} : { attackDaysAgo }),
      }
      return create(options, { clock, ...(sleep === undefined ? {} : { sleep }) })
    }
  }
}
