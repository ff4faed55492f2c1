interface Host {
  readonly address: string
  /** When it offended last. */
  slot: number
}

/** The hosts of a network that offended last, as many as a capacity, each with the slot of time of its last offence. */
export class RecentHosts {
  readonly #capacity: number
  /** The latest first. */
  #hosts: Host[] = []

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  add(address: string, slot: number): void {
    const [latest] = this.#hosts
    if (latest === undefined) {
      // Most networks have one host: a list that grows has room for many.
      this.#hosts = [{ address, slot }]
      return
    }
    if (latest.address === address) {
      latest.slot = Math.max(latest.slot, slot)
      return
    }
    const known = this.#hosts.findIndex(host => host.address === address)
    const [host = { address, slot }] = known < 0 ? [] : this.#hosts.splice(known, 1)
    host.slot = Math.max(host.slot, slot)
    // A late event is of the past: its host comes after those that offended since.
    const place = this.#hosts.findIndex(other => other.slot <= host.slot)
    this.#hosts.splice(place < 0 ? this.#hosts.length : place, 0, host)
    if (this.#hosts.length > this.#capacity) this.#hosts.pop()
  }

  /** Those that offended in this slot or later, the latest first. */
  since(slot: number): readonly string[] {
    return this.#hosts.filter(host => host.slot >= slot).map(({ address }) => address)
  }

  /** Moves every offence by so many slots, where the clock was set. */
  shift(slots: number): void {
    for (const host of this.#hosts) host.slot += slots
  }
}
