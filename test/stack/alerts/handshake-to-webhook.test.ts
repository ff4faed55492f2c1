import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from '@jest/globals'
import { withCommands } from '../../requirements.ts'
import { makeAuthority } from '../servers/client-certificates.ts'
import { eventually } from '../servers/eventually.ts'
import { startExporter } from '../servers/exporter.ts'
import { startNginx } from '../servers/nginx.ts'
import { startPrometheus } from '../servers/prometheus.ts'
import { startRefusingUpstream } from '../servers/refusing-upstream.ts'
import { makeWebhookTrust, startShippedAlertmanager } from '../servers/shipped-alertmanager.ts'
import { request } from '../servers/tls-client.ts'
import { startWebhookReceiver } from './webhook-receiver.ts'

const ruleFile = fileURLToPath(new URL('../../../alert-rules/prometheus/clawtrust.rules.yml', import.meta.url))
const INTRUDER = '127.0.0.9'

withCommands('nginx', 'openssl', 'prometheus', 'prometheus-alertmanager').describe(
  'an intruder without a valid certificate',
  () => {
    const stops: (() => unknown)[] = []
    const running = <T extends { stop(): unknown }>(server: T): T => {
      stops.push(() => server.stop())
      return server
    }

    afterAll(async () => {
      for (const stop of stops.reverse()) await stop()
    })

    it('is named to the webhook, with the playbook to follow, once for two replicas of the exporter', async () => {
      const upstream = running(await startRefusingUpstream())
      const nginx = running(await startNginx(upstream.port))
      const config = join(nginx.folder, 'clawtrust.yml')
      const source = { type: 'file', name: 'nginx', gateway: 'gw-1', paths: ['openclaw-*.log'], start_at: 'beginning' }
      await writeFile(config, JSON.stringify({ exporter: { sources: [source] } }))
      const exporters = [
        running(await startExporter(['--config.file', config])),
        running(await startExporter(['--config.file', config])),
      ]
      const trust = await makeWebhookTrust()
      stops.push(() => rm(trust.folder, { recursive: true, force: true }))
      const receiver = running(await startWebhookReceiver(trust))
      const alertmanager = running(await startShippedAlertmanager(trust, receiver.url))
      const targets = exporters.map(({ address }) => ({ job: 'clawtrust', address }))
      running(await startPrometheus(targets, { ruleFile, alertmanagers: [new URL(alertmanager.url).host] }))

      const certificate = makeAuthority(nginx.folder, 'rogue-ca').sign('intruder')
      for (let knock = 0; knock < 6; knock++) await request(nginx, { certificate, from: INTRUDER })

      const delivery = await eventually('the webhook is told', async () =>
        receiver.deliveries.find(({ alerts }) => alerts.some(({ labels }) => labels.source_ip === INTRUDER)),
      )
      expect(delivery.client).toBe('alertmanager')
      expect(delivery.authorization).toBe(`Bearer ${trust.token}`)
      expect(delivery.alerts).toHaveLength(1)
      expect(delivery.alerts[0]).toMatchObject({
        status: 'firing',
        labels: {
          alertname: 'ClawtrustMtlsUnknownSource',
          severity: 'critical',
          playbook: 'mtls-unknown-source',
          gateway: 'gw-1',
          trust_zone: 'agent-control',
          source_ip: INTRUDER,
        },
      })
      const fingerprints = receiver.deliveries.flatMap(({ alerts }) => alerts.map(({ fingerprint }) => fingerprint))
      expect(new Set(fingerprints).size).toBe(1)
    }, 120_000)
  },
)
