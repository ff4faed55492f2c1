import type { Transport } from '../../core/flow.ts'

/** What a protocol of a rule means in packets. */
export interface ProtocolDefinition {
  readonly transports: readonly Transport[]
  /** Its port where a rule names none (IANA Service Name and Transport Protocol Port Number Registry). */
  readonly port?: number
  /** The name of the server is in its handshake (SNI), so that a target can compare it. */
  readonly isTls?: true
}

/** The protocols that a rule may name. A transport by itself is one too. */
export const protocols = {
  tcp: { transports: ['tcp'] },
  udp: { transports: ['udp'] },
  sctp: { transports: ['sctp'] },
  icmp: { transports: ['icmp'] },
  http: { transports: ['tcp'], port: 80 },
  https: { transports: ['tcp'], port: 443, isTls: true },
  grpc: { transports: ['tcp'] },
  ssh: { transports: ['tcp'], port: 22 },
  dns: { transports: ['udp', 'tcp'], port: 53 },
  ntp: { transports: ['udp'], port: 123 },
  syslog: { transports: ['udp', 'tcp'], port: 514 },
  'syslog-tls': { transports: ['tcp'], port: 6514, isTls: true },
  ldaps: { transports: ['tcp'], port: 636, isTls: true },
  postgresql: { transports: ['tcp'], port: 5432 },
  redis: { transports: ['tcp'], port: 6379 },
  elasticsearch: { transports: ['tcp'], port: 9200 },
  otlp: { transports: ['tcp'], port: 4317 },
  wireguard: { transports: ['udp'], port: 51_820 },
} as const satisfies Record<string, ProtocolDefinition>

export type ApplicationProtocol = keyof typeof protocols
