import { DAY_MS, type EpochMs } from '../../../core/clock.ts'
import type { DeviceRequirements } from '../../../core/config/posture.ts'
import type { DeviceFact, DevicePosture } from '../../../core/labels/devices.ts'
import type { DeviceFacts, DeviceState } from '../../../decoding/toolkit/device.ts'
import { factValues } from '../../../decoding/toolkit/posture.ts'
import type { SeriesStore } from '../../../service/series/series.ts'
import type { Json } from '../../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../../contracts/persistent.ts'
import { assessDevice } from './device-assessment.ts'
import type { PostureDrift } from './drift.ts'
import { ExposedDevices } from './exposed-devices.ts'
import type { HeldDevice, HeldFact } from './held-device.ts'
import type { PostureSubject } from './held-posture.ts'

export interface DevicesOptions {
  readonly store: SeriesStore
  /** Without a record for this time the posture of a device is unknown, milliseconds. */
  readonly maxAge: number
  readonly requirements: readonly DeviceRequirements[]
  readonly onEvicted: () => void
}

/** Devices that are held; the one that was seen longest ago goes first. */
const MAX_DEVICES = 20_000
/** A device without a record for this time is gone. */
const FORGOTTEN_MS = 30 * DAY_MS

/**
 * What is known of each device, and whether it meets the requirements. Records may come in any order: of each fact the
 * newest value counts. That a device becomes unknown is seen by the clock, and is no event.
 */
export class Devices implements JsonPersistent {
  readonly key = 'devices/'
  readonly format = 'json'
  readonly #requirements: readonly DeviceRequirements[]
  readonly #onEvicted: () => void
  readonly #exposed: ExposedDevices
  /** From the one whose last record was read longest ago. */
  readonly #held = new Map<string, HeldDevice>()
  readonly #changed = new Set<string>()

  constructor({ store, maxAge, requirements, onEvicted }: DevicesOptions) {
    this.#requirements = requirements
    this.#onEvicted = onEvicted
    this.#exposed = new ExposedDevices(store, maxAge)
  }

  /** @returns a drift where the device has become untrusted, or trusted again */
  see(subject: PostureSubject, state: DeviceState, time: EpochMs): readonly PostureDrift[] {
    const name = JSON.stringify([subject.gateway, state.device])
    const before = this.#held.get(name)
    const facts = merged(before?.facts ?? {}, state, time)
    const { posture, reasons } = assessDevice(this.#requirements, valuesOf(facts))
    const device = { ...subject, device: state.device, facts, posture, seen: Math.max(time, before?.seen ?? time) }
    this.#held.delete(name)
    this.#held.set(name, device)
    this.#changed.add(name)
    this.#exposed.changed()
    this.#bound()
    return driftOf(state.device, before?.posture, posture, reasons)
  }

  clockReached(now: EpochMs): void {
    for (const [name, { seen }] of this.#held) if (now - seen > FORGOTTEN_MS) this.#forget(name)
    this.#exposed.clockReached(this.#held.values(), now)
  }

  changes(): readonly ChangedRow<Json>[] {
    const rows = [...this.#changed].map(name => {
      const value = this.#held.get(name)
      return { name, value: value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json) }
    })
    this.#changed.clear()
    return rows
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    const saved = rows.map(({ name, value }) => ({ name, device: value as unknown as HeldDevice }))
    for (const { name, device } of saved.sort((a, b) => a.device.seen - b.device.seen)) this.#held.set(name, device)
    this.#exposed.changed()
  }

  #bound(): void {
    const [longestAgo] = this.#held.size > MAX_DEVICES ? this.#held.keys() : []
    if (longestAgo === undefined) return
    this.#forget(longestAgo)
    this.#onEvicted()
  }

  #forget(name: string): void {
    this.#held.delete(name)
    this.#changed.add(name)
    this.#exposed.changed()
  }
}

/** The facts after a record: of each the newest value. */
function merged(held: HeldDevice['facts'], { set, add = {}, remove = {} }: DeviceState, time: EpochMs) {
  const facts: Partial<Record<DeviceFact, HeldFact>> = { ...held }
  const put = (fact: string, change: (before: readonly string[]) => readonly string[]) => {
    const before = facts[fact as DeviceFact]
    if (before !== undefined && before.time > time) return
    facts[fact as DeviceFact] = { values: factValues(change(before?.values ?? [])), time }
  }
  for (const [fact, values] of Object.entries(set)) put(fact, () => values)
  for (const [fact, values] of Object.entries(remove)) {
    put(fact, before => before.filter(value => !values.includes(value)))
  }
  for (const [fact, values] of Object.entries(add)) put(fact, before => [...before, ...values])
  return facts
}

function valuesOf(facts: HeldDevice['facts']): DeviceFacts {
  return Object.fromEntries(Object.entries(facts).map(([fact, { values }]) => [fact, values]))
}

function driftOf(
  device: string,
  before: DevicePosture | undefined,
  posture: DevicePosture,
  reasons: readonly string[],
): readonly PostureDrift[] {
  const change = { subject: device, from: before ?? 'unknown', to: [posture, ...reasons].join(': ') }
  if (posture === 'untrusted' && before !== 'untrusted') {
    return [{ kind: 'device_untrusted', severity: 'high', change, device }]
  }
  if (posture === 'trusted' && before === 'untrusted') {
    return [{ kind: 'device_trusted', severity: 'info', change, device }]
  }
  return []
}
