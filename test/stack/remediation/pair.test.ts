import { afterAll, expect, it } from '@jest/globals'
import { startRemediation, stopAll } from '../../remediation/service.ts'
import { withCommands } from '../../requirements.ts'
import { type Alertmanager, startAlertmanager } from '../servers/alertmanager.ts'
import { eventually } from '../servers/eventually.ts'

/** Many more than the connections that one address may have: Alertmanager opens one for each message. */
const ALERTS = 2_000

withCommands('prometheus-alertmanager').describe('two Alertmanagers behind one address', () => {
  const started: Alertmanager[] = []
  afterAll(async () => {
    for (const alertmanager of started) await alertmanager.stop()
    await stopAll()
  }, 60_000)

  it('deliver 2,000 alerts, each in a message of its own: all are taken, once', async () => {
    const service = await startRemediation({})
    for (const _ of [1, 2]) started.push(await startAlertmanager(`${service.url}alertmanager`, 'right'))
    const alerts = Array.from({ length: ALERTS }, (_, index) => ({
      labels: { alertname: 'BruteForce', playbook: 'brute-force', source_ip: `11.0.${index >> 8}.${index & 255}` },
    }))
    for (const alertmanager of started) await alertmanager.post(alerts)
    // Read from the ledger: they may have all connections that one address may have.
    const incidents = () => service.ledger.incidents.list([], 2 * ALERTS)
    await eventually('all are taken', async () => incidents().length >= ALERTS || undefined, { limitMs: 150_000 })
    expect(new Set(incidents().map(({ target }) => target)).size).toBe(ALERTS)
    expect(incidents()).toHaveLength(ALERTS)
  }, 180_000)
})
