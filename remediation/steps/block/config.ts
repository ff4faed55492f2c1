import { z } from 'zod'
import { HOUR_MS, SECOND_MS } from '../../../core/clock.ts'
import { duration, parsed, text } from '../../../core/config/schema.ts'
import { isIdentifier } from './nft/identifier.ts'

/** Section `remediation.firewall`. */
export const firewallSchema = z
  .strictObject({
    command: z
      .array(text())
      .min(1)
      .prefault(['nft'])
      .describe('The program and its first arguments, for instance `ip netns exec gateway nft`.'),
    table: parsed(
      {
        expects: 'a name of at most 31 letters, digits and _ that begins with a letter and is no keyword of nftables',
        placeholder: '<text>',
      },
      value => (isIdentifier(value) ? value : undefined),
    )
      .prefault('clawtrust')
      .describe('Name of the `inet` table, which belongs to clawtrust alone.'),
    priority: z
      .int()
      .min(-400)
      .max(-1)
      .meta({ expects: 'a whole number from -400 to -1', placeholder: '<number>' })
      .prefault(-10)
      .describe('Priority of the chains: below 0, so that established connections are dropped too.'),
    reconcile_interval: duration(SECOND_MS, HOUR_MS)
      .prefault('30s')
      .describe('Interval between comparisons of kernel and ledger.'),
  })
  .prefault({})
  .describe('nftables.')

export type FirewallConfig = z.output<typeof firewallSchema>
