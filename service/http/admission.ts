export interface AdmissionLimits {
  /** Connections that are served at the same time without an authenticated request, for all peers together. */
  readonly total: number
  /** Connections with an authenticated request that are served beside them. */
  readonly authenticated: number
  /** Connections that wait, for each peer and in all. Beyond it, the one that has waited longest, of a long queue, is closed. */
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
  /** Requests in progress: a client may send the next ones before it has the first response. */
  requests: number
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

  /**
   * True while another connection waits for the place of this one, which is to be closed with its response. The place of
   * an authenticated one is no use to one that waits.
   */
  isAwaited(connection: C): boolean {
    const served = this.#served.get(connection)
    if (served?.isCounted !== true) return false
    return this.#waiting.has(served.peer) || (this.#waitingCount > 0 && this.#counted >= this.#limits.total)
  }

  /** True while a request is in progress. */
  isBusy(connection: C): boolean {
    return (this.#served.get(connection)?.requests ?? 0) > 0
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
      this.#closeOldest(queue.connections.size >= this.#limits.waitingOfPeer ? queue : this.#longQueue())
      outcome = 'refused'
    }
    queue.connections.add(connection)
    queue.stack.push(connection)
    this.#waiting.set(peer.name, queue)
    this.#waitingCount += 1
    return outcome
  }

  /** A request begins. */
  begin(connection: C, now: number): void {
    this.#change(connection, 1, now)
  }

  /** The response has ended. */
  end(connection: C, now: number): void {
    const served = this.#change(connection, -1, now)
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
        if (served.requests > 0 !== isBusy || !this.#givesWay(served, now)) continue
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

  #givesWay({ since, requests, isAuthenticated }: Served, now: number): boolean {
    const { quietMs, requestMs } = this.#limits
    return !isAuthenticated && now - since >= (requests > 0 ? requestMs : quietMs)
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
    this.#served.set(connection, { peer, since: now, requests: 0, isAuthenticated: false, isCounted: true })
    this.#count(peer, 1)
    this.#effects.serve(connection)
  }

  /** The state changes with the first request and the last response: requests between them do not prolong it. */
  #change(connection: C, change: 1 | -1, now: number): Served | undefined {
    const served = this.#served.get(connection)
    if (served === undefined) return undefined
    const wasBusy = served.requests > 0
    served.requests += change
    if (served.requests > 0 === wasBusy) return served
    served.since = now
    this.#served.delete(connection)
    this.#served.set(connection, served)
    return served
  }

  #remove(connection: C, { peer, isCounted }: Served): void {
    this.#served.delete(connection)
    if (isCounted) this.#count(peer, -1)
    else this.#authenticated -= 1
  }

  /** One of those that are not shorter than the mean: of a client that opens many, and of none that opens few. */
  #longQueue(): Queue<C> | undefined {
    const mean = this.#waitingCount / this.#waiting.size
    for (const queue of this.#waiting.values()) if (queue.connections.size >= mean) return queue
    return undefined
  }

  #closeOldest(queue: Queue<C> | undefined): void {
    const oldest = queue?.connections.values().next()
    if (queue === undefined || oldest === undefined || oldest.done === true) return
    this.#removeWaiting(oldest.value, queue.peer.name)
    this.#effects.close(oldest.value)
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
