import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProcess } from '../servers/process.ts'

/** The configuration that ships, unchanged. */
const configuration = fileURLToPath(new URL('../../../elastic/shippers/rsyslog.conf', import.meta.url))

export interface ShippingTo {
  /** https address with host and port. */
  readonly url: string
  readonly caFile: string
  readonly user: string
  readonly password: string
}

export interface Rsyslog {
  /** What the server refused, as rsyslog noted it; empty where nothing was. */
  refused(): Promise<string>
  stop(): Promise<void>
}

/** Starts a private rsyslogd that ships one log file: no system service, no syslog socket. */
export async function startRsyslog(log: string, { url, caFile, user, password }: ShippingTo): Promise<Rsyslog> {
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-rsyslog-'))
  const { hostname, port } = new URL(url)
  const rsyslog = startProcess('rsyslogd', ['-n', '-f', configuration, '-i', join(folder, 'pid')], {
    env: {
      ...process.env,
      OPENCLAW_LOG: log,
      ELASTIC_HOST: hostname,
      ELASTIC_PORT: port,
      ELASTIC_CA: caFile,
      ELASTIC_USER: user,
      ELASTIC_PASSWORD: password,
      RSYSLOG_WORK: folder,
    },
  })
  return {
    refused: () => readFile(join(folder, 'failed.json'), 'utf8').catch(() => ''),
    stop: async () => {
      await rsyslog.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
