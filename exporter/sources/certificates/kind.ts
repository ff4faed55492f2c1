import { z } from 'zod'
import { DAY_MS, MINUTE_MS } from '../../../core/clock.ts'
import { duration, hostAndPort, path, text } from '../../../core/config/schema.ts'
import { sleepUntilAborted } from '../../../service/event-loop/sleep.ts'
import { defineSource, sourceKeys } from '../../contracts/source-kind.ts'
import { certificatesReporter } from './reporter.ts'

/** Places of each kind, so that a look is over in a minute. */
const MAX_PLACES = 200

const schema = z
  .strictObject({
    ...sourceKeys({ type: 'certificates', about: 'Certificates in files and of TLS servers.', durable: true }),
    files: z
      .array(path())
      .max(MAX_PLACES)
      .prefault([])
      .describe('Files in PEM, each with one chain, the certificate of the server or client itself first.'),
    endpoints: z
      .array(
        z.strictObject({
          address: hostAndPort().describe('Where the server listens.'),
          server_name: text()
            .exactOptional()
            .describe('The name that is asked for (SNI) and that the certificate must have. Default: the host.'),
          ca_file: path()
            .exactOptional()
            .describe('Authorities in PEM that the certificate must lead to. Default: those that Node.js contains.'),
        }),
      )
      .max(MAX_PLACES)
      .prefault([])
      .describe('TLS servers. One handshake is made with each; no request is sent.'),
    gateway: text().exactOptional().describe('The gateway to which the certificates belong.'),
    interval: duration(MINUTE_MS, DAY_MS).prefault('15m').describe('Time from one look to the next.'),
    timeout: duration(100, MINUTE_MS).prefault('10s').describe('Time after which a handshake is given up.'),
  })
  .superRefine(({ files, endpoints }, context) => {
    if (files.length + endpoints.length > 0) return
    context.addIssue({ code: 'custom', path: ['files'], message: 'is missing; give files or endpoints' })
  })

/** Certificates in files and of TLS servers. */
export const certificatesSource = defineSource({
  type: 'certificates',
  durable: true,
  schema,
  backlogUnit: 'records',
  signals: certificatesReporter.signals,
  reporter: certificatesReporter,
  resolvePaths: ({ files, endpoints, ...config }, absolute) => ({
    ...config,
    files: files.map(absolute),
    endpoints: endpoints.map(({ ca_file, ...endpoint }) =>
      ca_file === undefined ? endpoint : { ...endpoint, ca_file: absolute(ca_file) },
    ),
  }),
  async create({ name, files, endpoints, gateway, interval, timeout }, { clock, logger, sleep = sleepUntilAborted }) {
    const { createObservedSource } = await import('../observed/source.ts')
    const { lookAtCertificates } = await import('./look.ts')
    const places = {
      files,
      endpoints: endpoints.map(({ address: { host, port }, server_name: serverName, ca_file: caFile }) => ({
        host,
        port,
        serverName,
        caFile,
      })),
      timeout,
      clock,
    }
    return createObservedSource(
      {
        name,
        kind: 'certificates',
        decoder: certificatesReporter.name,
        gateway,
        interval,
        look: (states, signal) => lookAtCertificates(places, states, signal),
      },
      { clock, logger, sleep },
    )
  },
})
