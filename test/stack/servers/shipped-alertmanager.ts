import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Alertmanager, startAlertmanagerIn } from './alertmanager.ts'
import { type Authority, type KeyPair, makeAuthority } from './client-certificates.ts'

/** What both ends of the webhook hold: made before either of them is started. */
export interface WebhookTrust {
  /** Holds what the shipped configuration of Alertmanager names, where it looks for it. */
  readonly folder: string
  readonly authority: Authority
  /** The certificate of the service that is called. */
  readonly service: KeyPair
  readonly tokenFile: string
  readonly token: string
}

const shipped = new URL('../../../alert-rules/alertmanager/alertmanager.yml', import.meta.url)

export async function makeWebhookTrust(): Promise<WebhookTrust> {
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-trust-'))
  await mkdir(join(folder, 'tls'))
  const authority = makeAuthority(join(folder, 'tls'), 'ca')
  authority.sign('alertmanager')
  const service = authority.sign('service', 30, 'serverAuth')
  const token = 'a-token-of-the-test'
  const tokenFile = join(folder, 'remediation-token')
  await writeFile(tokenFile, token)
  return { folder, authority, service, tokenFile, token }
}

/**
 * Starts Debian's prometheus-alertmanager with the shipped configuration, calling a webhook at this URL; it is ready on return.
 *
 * @param change what the test needs to be different
 */
export async function startShippedAlertmanager(
  trust: WebhookTrust,
  webhookUrl: string,
  change: (config: string) => string = config => config,
): Promise<Alertmanager> {
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-alertmanager-'))
  await cp(trust.folder, folder, { recursive: true })
  const config = (await readFile(shipped, 'utf8')).replace('https://127.0.0.1:9848/alertmanager', webhookUrl)
  await writeFile(join(folder, 'alertmanager.yml'), change(config))
  return startAlertmanagerIn(folder)
}
