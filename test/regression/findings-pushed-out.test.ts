import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'

const { decode } = createDispatcher(dialects)
const TIME = '2026-11-29T21:00:00Z'

const outputs: Readonly<Record<string, (findings: readonly unknown[]) => Record<string, unknown>>> = {
  'openclaw-audit': findings => ({ ts: TIME, summary: { critical: 1 }, secretDiagnostics: [], findings }),
  'openclaw-doctor': findings => ({ ts: TIME, schemaVersion: 1, checksRun: 9, checksSkipped: 0, findings }),
  'openclaw-policy': findings => ({ attestation: { checkedAt: TIME }, checksRun: 9, findings }),
}
/** The word of each producer for what is worst. */
const worst: Readonly<Record<string, string>> = {
  'openclaw-audit': 'critical',
  'openclaw-doctor': 'error',
  'openclaw-policy': 'error',
}

/** Only the first 500 findings were kept: an agent that made 500 small ones closed those after them. */
describe('a snapshot with more findings than are kept', () => {
  it.each(Object.keys(outputs))('of %s keeps the most severe ones, wherever they are in it', producer => {
    const small = (count: number) => Array.from({ length: count }, (_, n) => ({ checkId: `x.${n}`, severity: 'info' }))
    const great = { checkId: 'gateway.bind_no_auth', severity: worst[producer] }
    for (const findings of [
      [great, ...small(900)],
      [...small(900), great],
      [...small(450), great, ...small(450)],
    ]) {
      const { decoder, decoding } = decode({ id: '1', body: outputs[producer]?.(findings) ?? {} })
      expect(decoder).toBe(producer)
      if (decoding.kind !== 'posture_snapshot') throw new Error(decoding.kind)
      expect(decoding.snapshot.findings).toHaveLength(500)
      expect(decoding.snapshot.findings.map(({ check }) => check)).toContain('gateway.bind_no_auth')
    }
  })
})
