import { describe, expect, it } from '@jest/globals'
import { Tunnels } from '../../../exporter/pipeline/tunnels.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import { NOON } from './fixtures.ts'

const DAY = 86_400_000

function watch() {
  const store = createSeriesStore()
  const tunnels = new Tunnels(store)
  const see = (name: string, lastHandshake: number, more: { time?: number; maxHandshakeAge?: number } = {}) =>
    tunnels.see({ gateway: 'gw', trustZone: 'z', name, lastHandshake, time: NOON, ...more })
  const exposed = async () => {
    let text = ''
    for await (const slice of store.render()) text += slice
    const samples = text.matchAll(/^clawtrust_tunnel_(\w+)_seconds\{.*peer="([^"]+)"\} (\S+)$/gm)
    return [...samples].map(([, metric, peer, value]) => [metric, peer, Number(value)])
  }
  return { tunnels, see, exposed }
}

describe('tunnels', () => {
  it('are exposed with their last handshake, and with the age that it may have', async () => {
    const { see, exposed } = watch()
    see('laptop', NOON - 1_000, { maxHandshakeAge: 300_000 })
    see('phone', 0)
    see('laptop', NOON - 9_000, { time: NOON - 1 })
    expect(await exposed()).toEqual([
      ['last_handshake_timestamp', 'laptop', (NOON - 1_000) / 1000],
      ['last_handshake_timestamp', 'phone', 0],
      ['max_handshake_age', 'laptop', 300],
    ])
    see('laptop', NOON, { time: NOON + 1 })
    expect((await exposed()).length).toBe(2)
  })

  it('are there after a restart, and forgotten 7 days after they were read', async () => {
    const before = watch()
    before.see('laptop', NOON)
    const rows = JSON.parse(JSON.stringify(before.tunnels.changes()))
    expect(before.tunnels.changes()).toEqual([])
    const { tunnels, exposed } = watch()
    tunnels.restore(rows)
    expect(await exposed()).toHaveLength(1)
    tunnels.expire(NOON + 7 * DAY)
    expect(await exposed()).toHaveLength(1)
    tunnels.expire(NOON + 7 * DAY + 1)
    expect(await exposed()).toEqual([])
  })

  it('are bounded in number', async () => {
    const { see, exposed } = watch()
    for (let n = 0; n < 10_050; n++) see(`p${n}`, 0)
    expect((await exposed()).length).toBeLessThanOrEqual(10_000)
  })
})
