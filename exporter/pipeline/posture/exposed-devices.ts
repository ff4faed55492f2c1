import type { EpochMs } from '../../../core/clock.ts'
import { type DevicePosture, devicePostures } from '../../../core/labels/devices.ts'
import type { ComputedSample, Metric, SeriesStore } from '../../../service/series/series.ts'
import type { HeldDevice } from './held-device.ts'

/** Untrusted devices that are exposed by name at most, those that were seen last. */
const MAX_NAMED = 500

/** The gauges of devices. */
export class ExposedDevices {
  readonly #maxAge: number
  readonly #devices: Metric
  readonly #untrusted: Metric
  #counts: readonly ComputedSample[] = []
  #named: readonly ComputedSample[] = []
  /** When the next device becomes unknown. */
  #next: EpochMs = Number.NEGATIVE_INFINITY

  constructor(store: SeriesStore, maxAge: number) {
    this.#maxAge = maxAge
    const gauge = (name: string, help: string, label: string) =>
      store.define({ name, help, type: 'gauge', labels: ['gateway', 'trust_zone', label], durable: false })
    this.#devices = gauge(
      'clawtrust_devices',
      'Devices by whether they meet posture.device_requirements; unknown without a record for posture.max_age.',
      'posture',
    )
    this.#devices.compute(() => this.#counts)
    this.#untrusted = gauge(
      'clawtrust_device_untrusted',
      `1 for each device that does not meet posture.device_requirements, of the ${MAX_NAMED} that were seen last.`,
      'device',
    )
    this.#untrusted.compute(() => this.#named)
  }

  /** All is exposed again with the next call of `clockReached`. */
  changed(): void {
    this.#next = Number.NEGATIVE_INFINITY
  }

  /** @param devices from the one whose last record was read longest ago */
  clockReached(devices: Iterable<HeldDevice>, now: EpochMs): void {
    if (now <= this.#next) return
    this.#next = Number.POSITIVE_INFINITY
    const counts = new Map<string, number>()
    const untrusted: HeldDevice[] = []
    for (const device of devices) {
      const end = device.seen + this.#maxAge
      const posture: DevicePosture = now > end ? 'unknown' : device.posture
      if (now <= end) this.#next = Math.min(this.#next, end)
      for (const each of devicePostures) {
        const labelSet = this.#devices.labelSet(device.gateway, device.trustZone, each)
        counts.set(labelSet, (counts.get(labelSet) ?? 0) + (each === posture ? 1 : 0))
      }
      if (posture === 'untrusted') untrusted.push(device)
    }
    this.#counts = [...counts].map(([labelSet, value]) => ({ labelSet, value }))
    this.#named = untrusted.slice(-MAX_NAMED).map(({ gateway, trustZone, device }) => {
      return { labelSet: this.#untrusted.labelSet(gateway, trustZone, device), value: 1 }
    })
  }
}
