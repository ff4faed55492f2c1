import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unpackedRoot } from '../../../tools/checks/unpacked.ts'
import type { ShipperProgram, Shipping } from './shipper.ts'

/** The configuration that ships, unchanged. */
const configuration = fileURLToPath(new URL('../../../elastic/shippers/syslog-ng.conf', import.meta.url))

/** A private syslog-ng: no system service, no syslog socket. */
export function syslogNg({ logs, work, url, index, caFile, apiKey, user, password }: Shipping): ShipperProgram {
  const program = installedSyslogNg()
  return {
    command: program.command,
    args: [
      ...program.args,
      ...['-F', '--no-caps', '-f', configuration],
      ...['-R', join(work, 'persist'), '-c', join(work, 'ctl'), '-p', join(work, 'pid')],
    ],
    env: {
      ...program.env,
      OPENCLAW_LOGS: logs,
      ELASTIC_URL: url,
      ELASTIC_INDEX: index,
      ELASTIC_CA: caFile,
      ...(apiKey === undefined ? { ELASTIC_USER: user, ELASTIC_PASSWORD: password } : { ELASTIC_API_KEY: apiKey }),
      SYSLOG_NG_WORK: work,
    },
    complaint: /^elasticsearch: /gm,
  }
}

/** The program of the system, or the one that was unpacked where rsyslog is the system's. */
export function installedSyslogNg(): { command: string; args: readonly string[]; env: NodeJS.ProcessEnv } {
  const root = unpackedRoot('syslog-ng')
  if (!existsSync(root)) return { command: 'syslog-ng', args: [], env: {} }
  const libraries = join(root, 'usr/lib/syslog-ng')
  const modules = readdirSync(libraries).find(name => /^\d/.test(name)) ?? ''
  return {
    command: join(root, 'usr/sbin/syslog-ng'),
    args: [`--module-path=${join(libraries, modules)}`],
    env: { LD_LIBRARY_PATH: libraries },
  }
}
