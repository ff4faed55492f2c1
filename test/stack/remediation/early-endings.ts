import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

export interface EarlyEndings {
  count(): number
  stop(): void
}

/**
 * Counts the connections to servers of this process that the server ended sooner after their beginning than the given
 * time, without a byte of response. Those that their client ended are not counted.
 *
 * A slow machine makes connections end later, never earlier: the count does not depend on its speed.
 */
export function watchEarlyEndings(withinMs: number): EarlyEndings {
  let count = 0
  const watch = (message: unknown) => {
    const { socket } = message as { socket: Socket }
    const began = performance.now()
    socket.once('close', () => {
      const isEndedByClient = socket.readableEnded || socket.errored !== null
      if (!isEndedByClient && socket.bytesWritten === 0 && performance.now() - began < withinMs) count += 1
    })
  }
  // Node publishes each connection that a server accepts.
  subscribe('net.server.socket', watch)
  return { count: () => count, stop: () => unsubscribe('net.server.socket', watch) }
}
