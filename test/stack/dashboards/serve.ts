/**
 * `serve.ts`: the demo with its past, to look at in the panel host or a Grafana of one's own. Prints one line of JSON,
 * `{"prometheus": URL, "attack": milliseconds}`, and serves until it is ended.
 */
import { once } from 'node:events'
import { startWatchedDemo } from './watched-demo.ts'

const ended = Promise.race(['SIGTERM', 'SIGINT'].map(signal => once(process, signal)))
const { prometheus, attack, stop } = await startWatchedDemo()
process.stdout.write(`${JSON.stringify({ prometheus: prometheus.url, attack })}\n`)
await ended
await stop()
process.exit()
