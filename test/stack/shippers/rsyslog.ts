import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ShipperProgram, Shipping } from './shipper.ts'

/** The configuration that ships, unchanged. */
const configuration = fileURLToPath(new URL('../../../elastic/shippers/rsyslog.conf', import.meta.url))

/** A private rsyslogd: no system service, no syslog socket. It knows no API keys. */
export function rsyslog({ logs, work, url, index, caFile, user = '', password = '' }: Shipping): ShipperProgram {
  const { hostname, port } = new URL(url)
  return {
    command: 'rsyslogd',
    args: ['-n', '-iNONE', '-f', configuration],
    env: {
      OPENCLAW_LOG: join(logs, 'openclaw-*.log'),
      ELASTIC_HOST: hostname,
      ELASTIC_PORT: port,
      ELASTIC_INDEX: index,
      ELASTIC_CA: caFile,
      ELASTIC_USER: user,
      ELASTIC_PASSWORD: password,
      RSYSLOG_WORK: work,
    },
    complaint: /checkConn failed|suspending ourselfs/g,
  }
}
