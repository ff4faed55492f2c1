/** Limits of the memory of request bodies, bytes. */
export interface BodyLimits {
  /** All bodies of one peer together. */
  readonly perPeer: number
  /** All bodies together. */
  readonly total: number
}

/** The bytes of one body, until it is closed. */
export interface BodyAccount {
  /** Charges bytes that have arrived; false if they exceed what is left. */
  take(bytes: number): boolean
  /** Releases everything that was charged. */
  close(): void
}

/**
 * The memory of request bodies that are read at the same time, charged as the bytes arrive: a request that announces a
 * large body and sends none of it costs nothing.
 */
export class BodyBudget {
  readonly #limits: BodyLimits
  readonly #ofPeers = new Map<string, number>()
  #total = 0

  constructor(limits: BodyLimits) {
    this.#limits = limits
  }

  open(peer: string): BodyAccount {
    let taken = 0
    const charge = (bytes: number) => {
      taken += bytes
      this.#total += bytes
      const left = (this.#ofPeers.get(peer) ?? 0) + bytes
      if (left === 0) this.#ofPeers.delete(peer)
      else this.#ofPeers.set(peer, left)
    }
    return {
      take: bytes => {
        const { perPeer, total } = this.#limits
        if (this.#total + bytes > total || (this.#ofPeers.get(peer) ?? 0) + bytes > perPeer) return false
        charge(bytes)
        return true
      },
      close: () => charge(-taken),
    }
  }
}
