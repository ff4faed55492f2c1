import { describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS } from '../../core/clock.ts'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import { batchOf, bench, NOON, source } from '../exporter/pipeline/fixtures.ts'

const opened = { checkId: 'gateway.bind_no_auth', severity: 'critical', title: '' }

/** An exporter that runs the audit itself, and takes what others send to it. */
function exporter() {
  const { pipeline, clock, store } = bench({
    dispatcher: createDispatcher(dialects),
    sources: [
      { ...source('audit'), kind: 'posture' },
      { ...source('senders'), kind: 'otlp' },
    ],
  })
  let serial = 0
  return {
    clock,
    audit(from: 'audit' | 'senders', findings: readonly unknown[], time = clock.time) {
      const body = { ts: time, summary: { critical: 0 }, secretDiagnostics: [], findings }
      pipeline.ingest(from, batchOf([{ id: String(++serial), body, gateway: 'gw' }], { watermark: clock.time }))
    },
    async open() {
      pipeline.observe()
      let text = ''
      for await (const slice of store.render()) text += slice
      return /^clawtrust_posture_findings\{.*check="gateway\.bind_no_auth".*\} 1$/m.test(text)
    },
  }
}

/** A sender of logs closed the findings that the exporter's own run of the audit had opened. */
describe('a snapshot that another source than the own run of a check brings', () => {
  it('closes nothing while the own one is valid, whatever time it says', async () => {
    const { clock, audit, open } = exporter()
    audit('audit', [opened])
    expect(await open()).toBe(true)
    clock.time += HOUR_MS
    for (const time of [clock.time, clock.time + 400 * DAY_MS]) audit('senders', [], time)
    expect(await open()).toBe(true)
    audit('audit', [])
    expect(await open()).toBe(false)
  })

  it('that was there before gives way to the own one at once, also with a time that has not come', async () => {
    const { audit, open } = exporter()
    audit('senders', [], NOON + 400 * DAY_MS)
    audit('audit', [opened], NOON - HOUR_MS)
    expect(await open()).toBe(true)
  })

  it('counts where the own one is too old', async () => {
    const { clock, audit, open } = exporter()
    audit('audit', [])
    clock.time += 2 * DAY_MS
    audit('senders', [opened])
    expect(await open()).toBe(true)
  })
})
