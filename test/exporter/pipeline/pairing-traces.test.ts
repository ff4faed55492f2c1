import { describe, expect, it } from '@jest/globals'
import { PAIR_WAIT_MS, Pairing } from '../../../exporter/pipeline/pairing.ts'
import { claim, eventOfClaim as event, NOON, restartOf } from './fixtures.ts'

const clock = { now: () => NOON }
const line = (key: string, role: 'leading' | 'partner') => claim({ pair: { key, role } })

describe('the trace of a pair', () => {
  it.each([{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }, { traceId: 'a'.repeat(32) }])(
    'gives the trace of a partner to the leading line, also after a restart: %j',
    trace => {
      const pairing = new Pairing({ clock, source: 'log' })
      pairing.admit(line('c1', 'partner'), event(NOON, { trace }), NOON)
      const again = restartOf(pairing)
      for (const one of [pairing, again]) {
        expect(one.admit(line('c1', 'leading'), event(NOON), NOON)).toEqual(event(NOON, { trace }))
      }
      const alone = new Pairing({ clock, source: 'log' })
      alone.admit(line('c1', 'partner'), event(NOON, { trace }), NOON)
      expect(alone.release(NOON + PAIR_WAIT_MS)).toEqual([event(NOON, { trace })])
    },
  )

  it('takes no other text of a partner for a trace', () => {
    const pairing = new Pairing({ clock, source: 'log' })
    const digits = 'a'.repeat(48)
    const actor = { addressTrusted: false, device: `${digits}"]`, identity: digits }
    pairing.admit(line('c1', 'partner'), event(NOON, { actor, record: { source: 'log', id: digits } }), NOON)
    expect(pairing.admit(line('c1', 'leading'), event(NOON), NOON)?.trace).toBeUndefined()
  })
})
