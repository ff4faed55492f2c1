import { expect, it } from '@jest/globals'
import { HOUR_MS, MINUTE_MS } from '../../../../core/clock.ts'
import { observedIn } from '../../../../exporter/sources/recording/demo-observed.ts'
import { sourceKinds } from '../../../../exporter/sources/registry.ts'

const NIGHT = Date.UTC(2026, 10, 26, 3)
const hours = Array.from({ length: 24 }, (_, hour) => observedIn(NIGHT + hour * HOUR_MS)).flat()

it('sees with the sources of the demo what the sources of that name report', () => {
  const reporters = sourceKinds.flatMap(({ reporter }) => reporter?.name ?? [])
  expect([...new Set(hours.map(({ decoder }) => decoder))].toSorted()).toEqual(reporters.toSorted())
})

it('has tunnels of which no handshake is of later, and the alert on the one that never sleeps does not fire', () => {
  const peers = hours.flatMap(({ time, decoding }) =>
    decoding.kind === 'tunnel' ? [{ age: time - decoding.peer.lastHandshake, ...decoding.peer }] : [],
  )
  expect(peers.filter(({ age }) => age < 0 || age > 14 * HOUR_MS)).toEqual([])
  expect(peers.filter(({ age, maxHandshakeAge }) => age + 5 * MINUTE_MS > (maxHandshakeAge ?? 15 * HOUR_MS))).toEqual(
    [],
  )
})

it('has a certificate that is never expired', () => {
  const certificates = hours.filter(({ decoding }) => decoding.kind === 'certificate')
  expect(certificates).toHaveLength(24)
  for (const { time, decoding } of certificates) {
    expect(decoding.kind === 'certificate' && decoding.expires > time).toBe(true)
  }
})
