import { z } from 'zod'
import { HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { duration, parsed, path, text } from '../../../core/config/schema.ts'
import { sleepUntilAborted } from '../../../service/event-loop/sleep.ts'
import { defineSource, sourceKeys } from '../../contracts/source-kind.ts'
import type { Tunnels } from './look.ts'
import { wireguardReporter } from './reporter.ts'

const MAX_PEERS = 1_000
const publicKey = () =>
  parsed({ expects: 'a public key of WireGuard, 32 bytes in base64', placeholder: '<public-key>' }, value =>
    /^[A-Za-z0-9+/]{43}=$/.test(value) ? value : undefined,
  )

const schema = z
  .strictObject({
    ...sourceKeys({ type: 'wireguard', about: 'Peers of WireGuard interfaces.', durable: true }),
    command: z
      .array(text())
      .min(1)
      .exactOptional()
      .describe(
        'The program and its arguments, without a shell. Default, where there is no `path`: `[wg, show, all, dump]`, which needs CAP_NET_ADMIN.',
      ),
    path: path()
      .exactOptional()
      .describe('Instead of a command: a file into which a timer writes the output of `wg show all dump`.'),
    peers: z
      .array(
        z.strictObject({
          name: text().describe('The value of the label `peer`.'),
          public_key: publicKey().describe('Its public key.'),
          max_handshake_age: duration(3 * MINUTE_MS, 24 * 30 * HOUR_MS)
            .exactOptional()
            .describe(
              'Age of the last handshake from which on an alert fires. Without it, no age is too high: WireGuard makes a handshake only where there is something to send.',
            ),
        }),
      )
      .max(MAX_PEERS)
      .prefault([])
      .describe('All peers that may be configured at the interfaces. Without any, no peer is unknown.'),
    gateway: text().exactOptional().describe('The gateway to which the tunnels lead.'),
    interval: duration(5_000, HOUR_MS).prefault('30s').describe('Time from one look to the next.'),
    timeout: duration(100, MINUTE_MS).prefault('10s').describe('Time after which the command is ended.'),
  })
  .superRefine(({ command, path, peers }, context) => {
    const complain = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    if (command !== undefined && path !== undefined) complain('command', 'conflicts with path; remove one of the two')
    if (new Set(peers.map(({ name }) => name)).size < peers.length) complain('peers', 'has two peers of the same name')
    if (new Set(peers.map(({ public_key: key }) => key)).size < peers.length)
      complain('peers', 'has two peers of the same public key')
  })

/** Peers of WireGuard interfaces. */
export const wireguardSource = defineSource({
  type: 'wireguard',
  durable: true,
  schema,
  backlogUnit: 'records',
  signals: wireguardReporter.signals,
  reporter: wireguardReporter,
  resolvePaths: ({ path, ...config }, absolute) => (path === undefined ? config : { ...config, path: absolute(path) }),
  async create(
    { name, command, path, peers, gateway, interval, timeout },
    { clock, logger, sleep = sleepUntilAborted },
  ) {
    const { createObservedSource } = await import('../observed/source.ts')
    const { lookAtTunnels } = await import('./look.ts')
    const { readDumpFile, runDumpCommand } = await import('./read.ts')
    const run = ['wg', 'show', 'all', 'dump']
    const tunnels: Tunnels = {
      peers: peers.map(({ name, public_key: publicKey, max_handshake_age: maxHandshakeAge }) => ({
        name,
        publicKey,
        maxHandshakeAge,
      })),
      dump: signal =>
        path === undefined ? runDumpCommand(command ?? run, timeout, signal) : readDumpFile(path, clock),
      clock,
    }
    return createObservedSource(
      {
        name,
        kind: 'wireguard',
        decoder: wireguardReporter.name,
        gateway,
        interval,
        look: (states, signal) => lookAtTunnels(tunnels, states, signal),
      },
      { clock, logger, sleep },
    )
  },
})
