import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeMmdb } from '../../mmdb.ts'
import type { Network } from '../remediation/namespace.ts'
import type { WebhookTrust } from '../servers/shipped-alertmanager.ts'

/** Where messages and tickets go. */
export interface Destinations {
  readonly chat: string
  readonly tickets: string
}

/** What remediation rests on: a GeoIP database and a list of the addresses that are known as malicious. */
export async function writeEvidence(folder: string, malicious: readonly string[]): Promise<void> {
  await writeFile(join(folder, 'country.mmdb'), writeMmdb([192, 0, 2, 0], 24, 'DE', Math.floor(Date.now() / 1_000)))
  await writeFile(join(folder, 'known-attackers.netset'), `# known attackers\n${malicious.join('\n')}\n`)
}

/** Only who has a certificate and the token is heard. */
export async function writeRemediationConfig(
  folder: string,
  { service, authority, tokenFile }: WebhookTrust,
  network: Network,
  destinations: Destinations,
  ttl: string,
): Promise<void> {
  const tls = {
    cert_file: service.certificateFile,
    key_file: service.keyFile,
    client_auth_type: 'RequireAndVerifyClientCert',
    client_ca_file: authority.certificateFile,
  }
  await writeFile(join(folder, 'web.yml'), JSON.stringify({ tls_server_config: tls }))
  const remediation = {
    listen_address: '127.0.0.1:0',
    web_config_file: 'web.yml',
    mode: 'enforce',
    webhook: { bearer_token_file: tokenFile },
    never_block: { networks: [`${network.gatewayAddress}/32`] },
    firewall: { command: [...network.nft], reconcile_interval: '1s' },
    enrichment: {
      geoip_file: 'country.mmdb',
      threat_intelligence: [{ type: 'list', name: 'attackers', file: 'known-attackers.netset' }],
    },
    destinations: [
      { name: 'chat', template: 'slack', url: `${destinations.chat}/services/T0/B0/x` },
      {
        name: 'tickets',
        template: 'jira',
        url: destinations.tickets,
        token: 'clawtrust@example.org:only-for-tests',
        fields: { project: 'SEC' },
      },
    ],
    playbooks: [
      {
        name: 'mtls-unknown-source',
        conditions: { verdict: ['malicious'] },
        steps: [
          { type: 'block', ttl: [ttl] },
          { type: 'request', destination: 'chat' },
          { type: 'request', destination: 'tickets' },
        ],
      },
    ],
  }
  await writeFile(join(folder, 'clawtrust.yml'), JSON.stringify({ remediation }))
}
