import { z } from 'zod'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../core/clock.ts'
import { duration } from '../../../core/config/schema.ts'
import { lengthText } from '../../../core/time/duration.ts'
import type { StepKind } from '../../contracts/step.ts'
import { blockableTarget } from '../../decision/decide.ts'
import { blockLength, offendingNetwork } from './escalation.ts'

const schema = z.strictObject({
  type: z
    .literal('block')
    .describe(
      'Drops traffic from the address in the firewall, for a time; from its network (`exporter.source_networks`) once several hosts of it offended.',
    ),
  ttl: z
    .array(duration(SECOND_MS, 365 * DAY_MS))
    .min(1)
    .describe('Lengths of the first block, the second and so on; the last applies to all further ones.'),
  reset_after: duration(MINUTE_MS, 365 * DAY_MS)
    .prefault('30d')
    .describe(
      'The first length applies again to an address without an offence for this long after its last block. A host of a network counts for so long among those that offended (`exporter.offenders.network_hosts`).',
    ),
})

export interface BlockPlan {
  /** Canonical text of an address or network. */
  readonly target: string
  /** Milliseconds. */
  readonly length: number
  /** Milliseconds; see `Ladder`. */
  readonly resetAfter: number
}

/** Drops what comes from an address, for a time that the kernel keeps. */
export const block = {
  type: 'block',
  schema,
  stage: 'act',
  blocksTarget: true,
  repeatable: false,
  states: { pending: 'blocking', done: 'blocked', undone: 'unblocked' },
  describe: ({ ttl }) => `block ${ttl.map(lengthText).join(', ')}`,
  plan: (config, input) => {
    const host = blockableTarget(input)
    if ('reason' in host) return host
    const network = offendingNetwork(config, input)
    const { target, offences } = network ?? { target: host, offences: input.offences }
    const length = blockLength(config, offences, input.now)
    return { target: target.text, length, resetAfter: config.reset_after }
  },
  words: ({ target, length }) => ({
    intent: `block ${target} for ${lengthText(length)}`,
    effect: `${target} is blocked for ${lengthText(length)}`,
    past: `blocked ${target} for ${lengthText(length)}`,
    warning: 'Open connections from this address are dropped too.',
  }),
  facts: ({ target, length }, now) => ({
    length,
    expiresAt: now + length,
    ...(target.includes('/') && { network: target }),
  }),
  audit: ({ target, length }, { state, detail, ending = 'unblocked' }) => {
    if (state === 'undone') {
      const message = `${target} is ${ending}: ${detail}`
      return { activity: 'restore', disposition: 'restored', status: 'success', message }
    }
    const isDone = state === 'done'
    return {
      activity: 'isolate',
      disposition: isDone ? 'blocked' : 'error',
      status: isDone ? 'success' : 'failure',
      severity: 4,
      message: isDone
        ? `${target} is blocked for ${length / SECOND_MS} s`
        : `${target} could not be blocked: ${detail}`,
    }
  },
} as const satisfies StepKind<z.output<typeof schema>, BlockPlan>
