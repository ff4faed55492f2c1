import type { Socket } from 'node:net'

/** Ties two sockets together: what ends or breaks one ends the other. Both are in the set as long as they live. */
export function join(near: Socket, far: Socket, living: Set<Socket>): void {
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    living.add(one)
    one.on('error', () => other.destroy())
    one.on('close', () => {
      living.delete(one)
      other.destroy()
    })
  }
}
