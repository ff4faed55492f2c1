export interface AdmissionLimits {
  /** Connections that are served at the same time without an authenticated request, for all peers together. */
  readonly total: number
  /** Connections with an authenticated request that are served beside them. */
  readonly authenticated: number
  /** Connections that wait, for each peer and in all. Beyond it, the one of the peer that has waited longest is closed. */
  readonly waitingOfPeer: number
  readonly waiting: number
  /** Time that a connection has to send a request before it gives way to one that waits. */
  readonly quietMs: number
  /** The same for a request that is not authenticated. */
  readonly requestMs: number
}

/** A client, and how many connections it may have of those that are counted. */
export interface Peer {
  readonly name: string
  readonly limit: number
}

/** What is done with connections: each is served at most once, and closed at most once. */
export interface AdmissionEffects<C> {
  readonly serve: (connection: C) => void
  readonly close: (connection: C) => void
}

interface Served {
  readonly peer: string
  /** When its state began, monotonic milliseconds. */
  since: number
  isBusy: boolean
  isAuthenticated: boolean
  /** False if it has a place of those for authenticated connections, which it keeps until it ends. */
  isCounted: boolean
}

interface Queue<C> {
  readonly peer: Peer
  /** Those that wait, the oldest first. */
  readonly connections: Set<C>
  /** The same in order of arrival, with some that wait no more. */
  stack: C[]
}

/**
 * Which connections are served, and which wait until one of the same peer ends. A connection over the limit is not
 * refused, because it may be a genuine sender's: it waits, unread. While it does, connections that send no request give
 * way to it, the longest quiet first, then requests that are not authenticated and take long. The newest is served first:
 * whoever has waited long may have given up, which an unread connection does not show. A
 * connection with an authenticated request does not count in the limit of its peer and does not give way, so that a flood
 * beside it, of the same address too, does not end it.
 *
 * Times are monotonic milliseconds.
 */
export class Admission<C> {
  readonly #limits: AdmissionLimits
  readonly #effects: AdmissionEffects<C>
  /** Those whose state began first come first. */
  readonly #served = new Map<C, Served>()
  readonly #waiting = new Map<string, Queue<C>>()
  /** Counted connections by peer, and in all. */
  readonly #counts = new Map<string, number>()
  #counted = 0
  #authenticated = 0
  #waitingCount = 0

  constructor(limits: AdmissionLimits, effects: AdmissionEffects<C>) {
    this.#limits = limits
    this.#effects = effects
  }

  /** Connections that wait, in all. */
  get waiting(): number {
    return this.#waitingCount
  }

  /** True while connections of this peer wait. */
  hasWaiting(peer: string): boolean {
    return this.#waiting.has(peer)
  }

  /** Takes a new connection: serves it, or lets it wait. `refused` where too many wait, and one was closed. */
  offer(connection: C, peer: Peer, now: number): 'served' | 'waits' | 'refused' {
    const queue = this.#waiting.get(peer.name) ?? { peer, connections: new Set(), stack: [] }
    if (queue.connections.size === 0 && this.#hasRoom(peer)) {
      this.#serve(connection, peer.name, now)
      return 'served'
    }
    let outcome: 'waits' | 'refused' = 'waits'
    if (queue.connections.size >= this.#limits.waitingOfPeer || this.#waitingCount >= this.#limits.waiting) {
      const [oldest = connection] = queue.connections
      this.#removeWaiting(oldest, peer.name)
      this.#effects.close(oldest)
      outcome = 'refused'
      if (oldest === connection) return outcome
    }
    queue.connections.add(connection)
    queue.stack.push(connection)
    this.#waiting.set(peer.name, queue)
    this.#waitingCount += 1
    return outcome
  }

  /** A request begins. */
  begin(connection: C, now: number): void {
    this.#change(connection, true, now)
  }

  /** The response has ended. */
  end(connection: C, now: number): void {
    const served = this.#change(connection, false, now)
    if (served?.isCounted === true) served.isAuthenticated = false
  }

  /** The request in progress is authenticated. */
  prove(connection: C, now: number): void {
    const served = this.#served.get(connection)
    if (served === undefined) return
    served.isAuthenticated = true
    if (!served.isCounted || this.#authenticated >= this.#limits.authenticated) return
    served.isCounted = false
    this.#authenticated += 1
    this.#count(served.peer, -1)
    this.#admit(now)
  }

  /** The connection has ended, whoever ended it. */
  leave(connection: C, peer: string, now: number): void {
    const served = this.#served.get(connection)
    if (served === undefined) {
      this.#removeWaiting(connection, peer)
      return
    }
    this.#remove(connection, served)
    this.#admit(now)
  }

  /** Lets connections give way to those that wait; to be called every now and then while some wait. */
  look(now: number): void {
    this.#admit(now)
    const wanted = new Map([...this.#waiting].map(([peer, { connections }]) => [peer, connections.size]))
    let inAll = this.#waitingCount
    for (const isBusy of [false, true]) {
      for (const [connection, served] of [...this.#served]) {
        if (inAll === 0) return
        if (served.isBusy !== isBusy || !this.#givesWay(served, now)) continue
        // A place of one peer helps others only where there is none left in all.
        const ofPeer = wanted.get(served.peer) ?? 0
        if (ofPeer === 0 && this.#counted < this.#limits.total) continue
        if (ofPeer > 0) wanted.set(served.peer, ofPeer - 1)
        inAll -= 1
        this.#remove(connection, served)
        this.#effects.close(connection)
        this.#admit(now)
      }
    }
  }

  #givesWay({ since, isBusy, isAuthenticated }: Served, now: number): boolean {
    const { quietMs, requestMs } = this.#limits
    return !isAuthenticated && now - since >= (isBusy ? requestMs : quietMs)
  }

  #hasRoom({ name, limit }: Peer): boolean {
    return this.#counted < this.#limits.total && (this.#counts.get(name) ?? 0) < limit
  }

  /** Serves those that wait while there is room, one of each peer in turn. */
  #admit(now: number): void {
    for (const [name, queue] of this.#waiting) {
      if (this.#counted >= this.#limits.total) return
      if (!this.#hasRoom(queue.peer)) continue
      const connection = newest(queue)
      if (connection === undefined) continue
      this.#removeWaiting(connection, name)
      // To the end of the peers, where this loop comes to it again.
      if (this.#waiting.delete(name)) this.#waiting.set(name, queue)
      this.#serve(connection, name, now)
    }
  }

  #serve(connection: C, peer: string, now: number): void {
    this.#served.set(connection, { peer, since: now, isBusy: false, isAuthenticated: false, isCounted: true })
    this.#count(peer, 1)
    this.#effects.serve(connection)
  }

  #change(connection: C, isBusy: boolean, now: number): Served | undefined {
    const served = this.#served.get(connection)
    if (served === undefined) return undefined
    this.#served.delete(connection)
    this.#served.set(connection, Object.assign(served, { isBusy, since: now }))
    return served
  }

  #remove(connection: C, { peer, isCounted }: Served): void {
    this.#served.delete(connection)
    if (isCounted) this.#count(peer, -1)
    else this.#authenticated -= 1
  }

  #removeWaiting(connection: C, peer: string): void {
    const queue = this.#waiting.get(peer)
    if (queue?.connections.delete(connection) !== true) return
    this.#waitingCount -= 1
    if (queue.stack.length > 2 * queue.connections.size) queue.stack = [...queue.connections]
    if (queue.connections.size === 0) this.#waiting.delete(peer)
  }

  #count(peer: string, change: 1 | -1): void {
    this.#counted += change
    const count = (this.#counts.get(peer) ?? 0) + change
    if (count === 0) this.#counts.delete(peer)
    else this.#counts.set(peer, count)
  }
}

function newest<C>({ connections, stack }: Queue<C>): C | undefined {
  for (let last = stack.pop(); last !== undefined; last = stack.pop()) if (connections.has(last)) return last
  return undefined
}
