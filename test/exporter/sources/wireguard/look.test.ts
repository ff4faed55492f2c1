import { describe, expect, it } from '@jest/globals'
import { type KnownPeer, lookAtTunnels } from '../../../../exporter/sources/wireguard/look.ts'
import type { Json } from '../../../../service/state/state.ts'

const NOON = Date.UTC(2026, 10, 23, 12)
const LAPTOP = 'Oghp+cVttA/Tylp0IjTBkEHppakhhsj8Sjf83GVYIHQ='
const OTHER = 'W81dKr+1RrhjQxMApWWDt+uktyzJcZMomRCskhgRB1o='
const { signal } = new AbortController()

const dumped = (key: string, endpoint: string, handshake: number) =>
  `wg0\t${key}\t(none)\t${endpoint}\t10.77.0.1/32\t${handshake}\t0\t0\toff\n`

/** Looks one after another, as the source takes them. */
function bench(peers: readonly KnownPeer[] = []) {
  const states = new Map<string, Json>()
  const clock = { time: NOON, now: () => clock.time }
  let text = ''
  const look = async (given: string) => {
    text = given
    const { found, troubles } = await lookAtTunnels({ peers, dump: async () => ({ text }), clock }, states, signal)
    for (const { key, state } of found) {
      if (state === null) states.delete(key)
      else states.set(key, JSON.parse(JSON.stringify(state)))
    }
    const decodings = found.flatMap(({ decodings }) => decodings)
    return {
      troubles,
      tunnels: decodings.flatMap(decoding => (decoding.kind === 'tunnel' ? [decoding.peer] : [])),
      drifts: decodings.flatMap(decoding =>
        decoding.kind === 'claim' ? [{ kind: decoding.claim.labels.kind, ...decoding.claim.change }] : [],
      ),
    }
  }
  return { clock, states, look }
}

const laptop: KnownPeer = { name: 'laptop', publicKey: LAPTOP, maxHandshakeAge: 300_000 }

describe('the peers of WireGuard', () => {
  it('are reported by name, else by the beginning of their public key', async () => {
    const { look } = bench()
    expect((await look(dumped(LAPTOP, '10.76.0.1:51820', 5))).tunnels).toEqual([
      { name: 'Oghp+cVt', lastHandshake: 5_000 },
    ])
    const named = bench([laptop])
    expect((await named.look(dumped(LAPTOP, '10.76.0.1:51820', 5))).tunnels).toEqual([
      { name: 'laptop', lastHandshake: 5_000, maxHandshakeAge: 300_000 },
    ])
  })

  it('are reported again where something has changed, or an hour has passed', async () => {
    const { clock, look } = bench()
    const text = dumped(LAPTOP, '10.76.0.1:51820', 5)
    await look(text)
    expect((await look(text)).tunnels).toEqual([])
    expect((await look(dumped(LAPTOP, '10.76.0.1:51820', 6))).tunnels).toHaveLength(1)
    clock.time += 3_600_000
    expect((await look(dumped(LAPTOP, '10.76.0.1:51820', 6))).tunnels).toHaveLength(1)
  })

  it('that no configuration names are unknown, once each, with key and endpoint', async () => {
    const { look } = bench([laptop])
    const text = dumped(LAPTOP, '10.76.0.1:51820', 5) + dumped(OTHER, '203.0.113.9:7', 5)
    expect((await look(text)).drifts).toEqual([
      { kind: 'tunnel_unknown_peer', subject: `W81dKr+1 ${OTHER}`, from: 'missing', to: '203.0.113.9:7' },
    ])
    expect((await look(text)).drifts).toEqual([])
    await look(dumped(LAPTOP, '10.76.0.1:51820', 5))
    expect((await look(text)).drifts).toHaveLength(1)
  })

  it('are missing once where the configuration names them and no interface has them; their last handshake stays', async () => {
    const { look } = bench([laptop])
    await look(dumped(LAPTOP, '10.76.0.1:51820', 5))
    const { drifts, tunnels } = await look('')
    expect(drifts).toMatchObject([{ kind: 'tunnel_peer_missing', from: 'present', to: 'missing' }])
    expect(tunnels).toMatchObject([{ name: 'laptop', lastHandshake: 5_000 }])
    expect((await look('')).drifts).toEqual([])
    expect((await bench([laptop]).look('')).tunnels).toMatchObject([{ lastHandshake: 0 }])
  })

  it('have another endpoint where its address is another one, and not where only its port is', async () => {
    const { look } = bench()
    await look(dumped(LAPTOP, '(none)', 0))
    expect((await look(dumped(LAPTOP, '10.76.0.1:51820', 5))).drifts).toEqual([])
    expect((await look(dumped(LAPTOP, '10.76.0.1:4000', 5))).drifts).toEqual([])
    expect((await look(dumped(LAPTOP, '198.51.100.7:4000', 9))).drifts).toEqual([
      {
        kind: 'tunnel_endpoint_changed',
        subject: `Oghp+cVt ${LAPTOP}`,
        from: '10.76.0.1:4000',
        to: '198.51.100.7:4000',
      },
    ])
  })

  it('are not changed by what is no dump, of which not a word is shown', async () => {
    const { look, states } = bench([laptop])
    await look(dumped(LAPTOP, '10.76.0.1:51820', 5))
    const before = new Map(states)
    const { troubles, drifts } = await look('cHJpdmF0ZSBrZXk=')
    expect(troubles).toEqual(['What was read is not the output of wg show all dump.'])
    expect(drifts).toEqual([])
    expect(states).toEqual(before)
  })
})
