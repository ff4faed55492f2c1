import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { describeWithPromtools } from '../../alert-rules/promtools.ts'
import { alert, deliver, message } from '../../remediation/service.ts'
import { eventually } from '../servers/eventually.ts'
import { startExporter } from '../servers/exporter.ts'
import { checkMetrics } from '../servers/promtool.ts'
import { startRemediationProcess } from '../servers/remediation.ts'

const recorded = (path: string) => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url))

describeWithPromtools('promtool finds nothing wrong with what is exposed', promtool => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clawtrust-exposition-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('by an exporter that has read logs of nginx and OpenClaw', async () => {
    const logs = ['nginx/access.real.log', 'nginx/error.real.log', 'openclaw/openclaw-2026.9.6-file-log.real.jsonl']
    const exporter = await startExporter(logs.map(recorded))
    try {
      const metrics = await eventually('all of them are counted', async () => {
        const text = await exporter.text('/metrics')
        const seen = ['mtls_handshake_failures_total{', 'certificate_expiry_timestamp_seconds{', 'auth_failures_total{']
        return seen.every(name => text.includes(`clawtrust_${name}`)) ? text : undefined
      })
      expect(checkMetrics(metrics, promtool)).toBe('')
    } finally {
      await exporter.stop()
    }
  }, 60_000)

  it('by a remediation service that was told of an alert', async () => {
    const config = { listen_address: '127.0.0.1:0', webhook: { bearer_token: 'right' } }
    await writeFile(join(folder, 'clawtrust.yml'), JSON.stringify({ remediation: config }))
    const remediation = await startRemediationProcess(folder)
    try {
      expect((await deliver(remediation, message([alert('192.0.2.1')]))).status).toBe(200)
      const metrics = await (await fetch(`${remediation.url}metrics`)).text()
      expect(metrics).toContain('clawtrust_remediation_alerts_total{result="new"} 1')
      expect(checkMetrics(metrics, promtool)).toBe('')
    } finally {
      await remediation.stop()
    }
  }, 60_000)
})
