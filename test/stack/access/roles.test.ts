import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { withCommands } from '../../requirements.ts'
import { type Alertmanager, startAlertmanagerIn } from '../servers/alertmanager.ts'
import { clawtrust } from '../servers/clawtrust.ts'
import { type Authority, type KeyPair, makeAuthority } from '../servers/client-certificates.ts'
import { eventually } from '../servers/eventually.ts'
import { type Prometheus, startPrometheus } from '../servers/prometheus.ts'
import { type RunningRemediation, startRemediationProcess } from '../servers/remediation.ts'

withCommands('prometheus', 'prometheus-alertmanager', 'openssl').describe(
  'a service with roles by the names of client certificates',
  () => {
    let folder: string
    let authority: Authority
    let remediation: RunningRemediation
    const started: { stop(): Promise<void> }[] = []

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'clawtrust-roles-'))
      authority = makeAuthority(folder, 'ca')
      const own = authority.sign('service', 30, 'serverAuth')
      const tls_server_config = {
        cert_file: own.certificateFile,
        key_file: own.keyFile,
        client_ca_file: authority.certificateFile,
        client_auth_type: 'RequireAndVerifyClientCert',
      }
      await writeFile(join(folder, 'web.yml'), JSON.stringify({ tls_server_config }))
      const roles = {
        scrape: { certificates: ['prometheus.example'] },
        deliver: { certificates: ['alertmanager.example'] },
        command: { certificates: ['ops.example'] },
      }
      const config = { listen_address: '127.0.0.1:0', web_config_file: 'web.yml', external_url: 'https://localhost/' }
      await writeFile(join(folder, 'clawtrust.yml'), JSON.stringify({ web: { roles }, remediation: config }))
      remediation = await startRemediationProcess(folder)
    }, 60_000)

    afterAll(async () => {
      for (const server of started.reverse()) await server.stop()
      await remediation?.stop()
      await rm(folder, { recursive: true, force: true })
    }, 60_000)

    const post = (path: string, { certificateFile, keyFile }: KeyPair): Promise<number> => {
      const sent = request(new URL(path, remediation.url), {
        method: 'POST',
        ca: readFileSync(authority.certificateFile),
        cert: readFileSync(certificateFile),
        key: readFileSync(keyFile),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
      return new Promise((resolve, reject) => {
        sent.on('error', reject).on('response', response => resolve(response.resume().statusCode ?? 0))
        sent.end('argument=192.0.2.1')
      })
    }
    const prometheusWith = async (name: string): Promise<Prometheus> => {
      const { certificateFile, keyFile } = authority.sign(name)
      const tls = { ca_file: authority.certificateFile, cert_file: certificateFile, key_file: keyFile }
      const prometheus = await startPrometheus([{ job: name, address: new URL(remediation.url).host, tls }])
      started.push(prometheus)
      return prometheus
    }
    const alertmanagerWith = async (name: string): Promise<Alertmanager> => {
      const { certificateFile, keyFile } = authority.sign(name)
      const own = await mkdtemp(join(tmpdir(), 'clawtrust-alertmanager-'))
      const tls_config = { ca_file: authority.certificateFile, cert_file: certificateFile, key_file: keyFile }
      const webhook = { url: `${remediation.url}alertmanager`, http_config: { follow_redirects: false, tls_config } }
      const route = { receiver: 'clawtrust', group_by: ['...'], group_wait: '0s' }
      const receivers = [{ name: 'clawtrust', webhook_configs: [webhook] }]
      await writeFile(join(own, 'alertmanager.yml'), JSON.stringify({ route, receivers }))
      const alertmanager = await startAlertmanagerIn(own)
      started.push(alertmanager)
      return alertmanager
    }
    const firing = (address: string) => [
      { labels: { alertname: 'BruteForce', playbook: 'brute-force', source_ip: address } },
    ]

    it('lets Prometheus scrape with its certificate, which may not deliver or command', async () => {
      const prometheus = await prometheusWith('prometheus.example')
      await prometheus.queryUntil('up == 1')
      const certificate = authority.sign('prometheus.example')
      for (const path of ['commands/unblock', '-/reload', 'alertmanager']) {
        expect([path, await post(path, certificate)]).toEqual([path, 403])
      }
    }, 60_000)

    it('lets an operator command with a certificate with which Prometheus may not scrape', async () => {
      expect(await post('commands/unblock', authority.sign('ops.example'))).toBe(200)
      const prometheus = await prometheusWith('ops.example')
      await prometheus.queryUntil('up == 0')
    }, 60_000)

    it('takes the alerts of an Alertmanager with its certificate, and of no other', async () => {
      const [right, wrong] = [await alertmanagerWith('alertmanager.example'), await alertmanagerWith('other.example')]
      await wrong.post(firing('203.0.113.66'))
      await eventually('it was refused', async () => wrong.process.output().includes('status code 403') || undefined)
      await right.post(firing('203.0.113.9'))
      const list = await eventually('the incident is recorded', async () => {
        const { output } = await clawtrust(folder, ['remediation', 'list'])
        return output.includes('203.0.113.9') ? output : undefined
      })
      expect(list).not.toContain('203.0.113.66')
    }, 60_000)
  },
)
