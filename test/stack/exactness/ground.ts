import { setTimeout as pause } from 'node:timers/promises'
import type { PlainServer } from '../elasticsearch/plain-server.ts'
import type { Ground } from './play.ts'

/** A server as a ground; one that is not ours is never held. */
export function groundOf({ url, client, node }: PlainServer): Ground {
  return {
    url,
    client,
    freeze: async ms => {
      if (node === undefined) return
      await node.signal('SIGSTOP')
      try {
        await pause(ms)
      } finally {
        await node.signal('SIGCONT')
      }
    },
  }
}
