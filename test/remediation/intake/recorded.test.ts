import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from '@jest/globals'
import { deliver, startRemediation, stopAll } from '../service.ts'

afterEach(stopAll)

const recorded = (name: string) =>
  readFileSync(new URL(`../../fixtures/alertmanager/${name}.json`, import.meta.url), 'utf8')

describe('messages recorded from Alertmanager', () => {
  const told = async (...names: readonly string[]) => {
    const service = await startRemediation()
    for (const name of names) expect((await deliver(service, recorded(name))).status).toBe(200)
    return service
  }

  it('begin one incident for an alert, with its labels and what it tells', async () => {
    const { ledger } = await told('firing')
    expect(ledger.incidents.list([], 9)).toMatchObject([
      {
        playbook: 'mtls-unknown-source',
        target: '203.0.113.1',
        alert: {
          labels: { alertname: 'ClawtrustMtlsUnknownSource', gateway: 'gw-1' },
          annotations: { runbook_url: expect.stringContaining('ClawtrustMtlsUnknownSource.md') },
        },
      },
    ])
  })

  it('begin nothing where they tell of an end, whether or not the beginning was told', async () => {
    expect((await told('resolved')).ledger.incidents.list([], 9)).toEqual([])
    expect((await told('firing', 'resolved')).ledger.incidents.list([], 9)).toHaveLength(1)
  })

  it('begin one incident for an address, whichever zones it knocked at', async () => {
    const { ledger } = await told('group', 'group')
    expect(ledger.incidents.list([], 9)).toMatchObject([{ target: '203.0.113.2', alerts: 2 }])
  })

  it('are counted where alerts were left out of them', async () => {
    const service = await told('truncated')
    expect(await service.metric('clawtrust_remediation_truncated_alerts_total')).toBe(1)
    expect(service.ledger.incidents.list([], 9)).toHaveLength(1)
  })
})
