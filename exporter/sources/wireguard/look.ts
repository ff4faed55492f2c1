import type { Clock, EpochMs } from '../../../core/clock.ts'
import { isObject } from '../../../core/json.ts'
import { NO_ORIGIN } from '../../../decoding/toolkit/origin.ts'
import type { Decoding } from '../../../decoding/toolkit/record.ts'
import type { Json } from '../../../service/state/state.ts'
import { type Drift, driftDecoding } from '../observed/drift.ts'
import type { Found, Look } from '../observed/source.ts'
import { addressOf, type DumpedPeer, readDump } from './dump.ts'
import type { Dump } from './read.ts'

/** A peer of the configuration. */
export interface KnownPeer {
  readonly name: string
  readonly publicKey: string
  /** Milliseconds; absent where a silent peer is normal. */
  readonly maxHandshakeAge?: number | undefined
}

export interface Tunnels {
  /** Without any, no peer of a dump is unknown. */
  readonly peers: readonly KnownPeer[]
  readonly dump: (signal: AbortSignal) => Promise<Dump>
  readonly clock: Pick<Clock, 'now'>
}

/** What is remembered of a public key. */
interface Remembered {
  readonly endpoint?: string
  readonly lastHandshake: EpochMs
  readonly isPresent: boolean
  /** When it was reported. */
  readonly time: EpochMs
}

/** Peers of all interfaces that are watched. */
const MAX_PEERS = 10_000
/** What has not changed is reported again, so that it does not count as removed. */
const REPORT_MS = 60 * 60_000
/** Characters of a public key in a label: a peer without a name of the configuration. */
const SHORT_KEY = 8

/** Reads the dump once, and compares it with the one before. */
export async function lookAtTunnels(
  tunnels: Tunnels,
  states: ReadonlyMap<string, Json>,
  signal: AbortSignal,
): Promise<Look> {
  const dumped = await tunnels.dump(signal)
  if ('trouble' in dumped) return { found: [], troubles: [dumped.trouble] }
  const peers = readDump(dumped.text)
  // The text holds private keys: not a word of it is shown.
  if (peers === undefined) return { found: [], troubles: ['What was read is not the output of wg show all dump.'] }
  if (peers.length > MAX_PEERS) {
    return { found: [], troubles: [`The interfaces have more than ${MAX_PEERS} peers, which are not watched.`] }
  }
  const now = tunnels.clock.now()
  const byKey = newestByKey(peers)
  const known = new Map(tunnels.peers.map(peer => [peer.publicKey, peer]))
  const found: Found[] = []
  for (const publicKey of new Set([...known.keys(), ...byKey.keys()])) {
    const state = states.get(publicKey)
    const one = findPeer(publicKey, {
      known: known.get(publicKey),
      isListed: known.size === 0 || known.has(publicKey),
      dumped: byKey.get(publicKey),
      before: isRemembered(state) ? state : undefined,
      now,
    })
    if (one !== undefined) found.push(one)
  }
  const gone = [...states.keys()].filter(key => !known.has(key) && !byKey.has(key))
  return { found: [...found, ...gone.map(key => ({ key, decodings: [], state: null }))], troubles: [] }
}

/** Several interfaces may have one peer: the one with the last handshake is where it is. */
function newestByKey(peers: readonly DumpedPeer[]): ReadonlyMap<string, DumpedPeer> {
  const byKey = new Map<string, DumpedPeer>()
  for (const peer of peers) {
    const other = byKey.get(peer.publicKey)
    if (other === undefined || other.lastHandshake < peer.lastHandshake) byKey.set(peer.publicKey, peer)
  }
  return byKey
}

interface Sighting {
  readonly known: KnownPeer | undefined
  readonly isListed: boolean
  readonly dumped: DumpedPeer | undefined
  readonly before: Remembered | undefined
  readonly now: EpochMs
}

/** Undefined where there is nothing to say of it. */
function findPeer(publicKey: string, sighting: Sighting): Found | undefined {
  const { known, dumped, before, now } = sighting
  const name = known?.name ?? publicKey.slice(0, SHORT_KEY)
  // The handshakes of an interface that was made again begin at none.
  const lastHandshake = Math.max(dumped?.lastHandshake ?? 0, before?.lastHandshake ?? 0)
  const endpoint = dumped?.endpoint ?? before?.endpoint
  const drifts = driftsOf(`${name} ${publicKey}`, sighting)
  const isSame = lastHandshake === before?.lastHandshake && endpoint === before.endpoint
  const isRecent = before !== undefined && now >= before.time && now - before.time < REPORT_MS
  if (isSame && isRecent && drifts.length === 0 && before.isPresent === (dumped !== undefined)) return undefined
  const { maxHandshakeAge } = known ?? {}
  const peer = { name, lastHandshake, ...(maxHandshakeAge !== undefined && { maxHandshakeAge }) }
  const tunnel: Decoding = { kind: 'tunnel', time: now, origin: NO_ORIGIN, peer }
  const remembered: Remembered = {
    ...(endpoint !== undefined && { endpoint }),
    lastHandshake,
    isPresent: dumped !== undefined,
    time: now,
  }
  return {
    key: publicKey,
    decodings: [tunnel, ...drifts.map(drift => driftDecoding(drift, now))],
    state: { ...remembered },
  }
}

function driftsOf(subject: string, { isListed, dumped, before }: Sighting): readonly Drift[] {
  if (dumped === undefined) {
    if (before?.isPresent === false) return []
    const from = before === undefined ? 'unknown' : 'present'
    return [{ kind: 'tunnel_peer_missing', severity: 'medium', change: { subject, from, to: 'missing' } }]
  }
  const drifts: Drift[] = []
  if (!isListed && before === undefined) {
    const change = { subject, from: 'missing', to: dumped.endpoint ?? 'no endpoint' }
    drifts.push({ kind: 'tunnel_unknown_peer', severity: 'high', change })
  }
  const [from, to] = [before?.endpoint, dumped.endpoint]
  // Behind a NAT the port changes by itself.
  if (from !== undefined && to !== undefined && addressOf(from) !== addressOf(to)) {
    drifts.push({ kind: 'tunnel_endpoint_changed', severity: 'low', change: { subject, from, to } })
  }
  return drifts
}

function isRemembered(state: Json | undefined): state is Json & Remembered {
  return isObject(state) && typeof state.lastHandshake === 'number' && typeof state.time === 'number'
}
