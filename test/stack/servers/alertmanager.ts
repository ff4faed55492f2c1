import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answersAt } from './eventually.ts'
import { withHosts } from './hosts.ts'
import { freePort, type RunningProcess, startProcess } from './process.ts'

export interface Alertmanager {
  readonly url: string
  readonly process: RunningProcess
  /** Says that these alerts fire, or, with an end, that they have ended. */
  post(alerts: readonly PostedAlert[]): Promise<void>
  stop(): Promise<void>
}

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly startsAt?: string
  readonly endsAt?: string
}

/**
 * Starts Debian's prometheus-alertmanager on loopback; it delivers to one webhook, as docs tell to configure it.
 *
 * @param repeatInterval after which it delivers again what still fires
 */
export async function startAlertmanager(webhook: string, token: string, repeatInterval = '4h'): Promise<Alertmanager> {
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-alertmanager-'))
  const tokenFile = join(folder, 'token')
  await writeFile(tokenFile, token)
  // JSON is YAML.
  const config = {
    route: {
      receiver: 'clawtrust',
      group_by: ['...'],
      group_wait: '0s',
      group_interval: '1s',
      repeat_interval: repeatInterval,
    },
    receivers: [
      {
        name: 'clawtrust',
        webhook_configs: [
          {
            url: webhook,
            send_resolved: true,
            max_alerts: 0,
            http_config: {
              follow_redirects: false,
              authorization: { type: 'Bearer', credentials_file: tokenFile },
            },
          },
        ],
      },
    ],
  }
  await writeFile(join(folder, 'alertmanager.yml'), JSON.stringify(config))
  return startAlertmanagerIn(folder)
}

/**
 * The same with the configuration `alertmanager.yml` of this folder, which goes away with it.
 *
 * @param hosts names that it knows beside those of the system, as lines of a hosts file
 */
export async function startAlertmanagerIn(folder: string, hosts?: string): Promise<Alertmanager> {
  const address = `127.0.0.1:${await freePort()}`
  const url = `http://${address}`
  const alertmanager = startProcess(
    ...(await withHosts(folder, hosts, [
      'prometheus-alertmanager',
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ])),
  )
  const stop = async () => {
    await alertmanager.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await answersAt(`${url}/-/ready`, alertmanager)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, process: alertmanager, post: alerts => post(url, alerts), stop }
}

async function post(url: string, alerts: readonly PostedAlert[]): Promise<void> {
  const response = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  })
  if (!response.ok) throw new Error(`alertmanager answered ${response.status}: ${await response.text()}`)
}
