import { readdirSync, readFileSync, statSync } from 'node:fs'
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
    canBeKilled: () => readdirSync(logs).every(log => hasBegun(join(logs, log), work)),
  }
}

/** imfile recognizes a log by a hash of so many bytes; when it has read them, it saves its position. */
const HASHED_BYTES = 512

/** Whether imfile has queued the lines that it loses when it is killed while it begins with a log: those read by then. */
function hasBegun(log: string, work: string): boolean {
  const content = readFileSync(log)
  const lastEnd = content.lastIndexOf('\n') + 1
  if (lastEnd === 0) return true
  const firstEnd = content.indexOf('\n', HASHED_BYTES - 1) + 1
  const { ino } = statSync(log)
  const state = readdirSync(work).find(name => new RegExp(`^imfile-state:${ino}(?::|$)`).test(name))
  if (state === undefined) return false
  const position = Number(/"curr_offs": (\d+)/.exec(readFileSync(join(work, state), 'utf8'))?.[1])
  return position === lastEnd || (firstEnd > 0 && position > firstEnd)
}
