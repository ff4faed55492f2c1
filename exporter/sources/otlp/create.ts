import { randomBytes } from 'node:crypto'
import type { Clock } from '../../../core/clock.ts'
import type { Logger } from '../../../service/log/logger.ts'
import type { Source } from '../../contracts/source.ts'
import type { Sleep } from '../../contracts/source-kind.ts'
import type { IntakeOptions } from './intake.ts'
import { loadMessages } from './messages.ts'
import { createOtlpSource } from './source.ts'

/** The source with the decoders that OpenTelemetry generated, and random bytes of the machine. */
export async function createOtlpSourceFrom(
  options: IntakeOptions,
  { clock, logger, sleep }: { readonly clock: Clock; readonly logger: Logger; readonly sleep: Sleep },
): Promise<Source> {
  return createOtlpSource(options, { messages: await loadMessages(), clock, logger, sleep, randomBytes })
}
