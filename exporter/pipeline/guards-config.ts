import { z } from 'zod'
import { HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import { duration, text, wholeNumber } from '../../core/config/schema.ts'
import { guardModes, guards } from '../../core/labels/guards.ts'
import type { ConfiguredGuard } from './guards.ts'

const guardSchema = z.strictObject({
  guard: z.enum(guards).describe('The program.'),
  gateway: text().describe('The gateway that it protects, by the name of its events.'),
  records_of: text()
    .exactOptional()
    .describe("The gateway under which the guard's records come, where that is another name."),
  expected_version: text()
    .exactOptional()
    .describe('The expected version, or its beginning up to a dot: `0.1` is every `0.1.x`. Without it, any.'),
  expected_mode: z
    .enum(guardModes)
    .exactOptional()
    .describe('The expected mode. Without it, a guard that only observes is not up, and no alert fires for it.'),
  silence: duration(5 * MINUTE_MS, 6 * HOUR_MS)
    .prefault('15m')
    .describe('Period in which the guard of a busy gateway must have inspected something.'),
  busy_events: wholeNumber(1, 100_000)
    .prefault(5)
    .describe('Number of acts of agents in that period from which a gateway is busy.'),
})

/** Key `guards` of the section `exporter`. */
export const guardsSchema = z
  .array(guardSchema)
  .superRefine(refuseRepeated)
  .prefault([])
  .describe(
    'Guards beside the gateways. A guard whose records are read is watched without an entry; an entry also detects a guard that never wrote one.',
  )

type GuardConfig = z.output<typeof guardSchema>

export const configuredGuard = (config: GuardConfig): ConfiguredGuard => {
  const { guard, gateway, silence, busy_events, records_of, expected_version, expected_mode } = config
  return {
    guard,
    gateway,
    silence,
    busyEvents: busy_events,
    ...(records_of !== undefined && { recordsOf: records_of }),
    ...(expected_version !== undefined && { version: expected_version }),
    ...(expected_mode !== undefined && { mode: expected_mode }),
  }
}

function refuseRepeated(entries: readonly GuardConfig[], context: z.core.$RefinementCtx): void {
  entries.forEach(({ guard, gateway }, index) => {
    const first = entries.findIndex(other => other.guard === guard && other.gateway === gateway)
    if (first === index) return
    const message = `is the same guard and gateway as exporter.guards[${first}]; remove one of the two`
    context.addIssue({ code: 'custom', path: [index], message })
  })
}
