/** `reach.child.ts FROM HOST PORT`: connects from an address of its namespace, and prints `answered` or `silence`. */
import { connect } from 'node:net'

/** An address that is blocked gets no answer. */
const PATIENCE_MS = 1_000

const [localAddress = '', host = '', port = ''] = process.argv.slice(2)
const end = (line: string) => {
  process.stdout.write(`${line}\n`)
  process.exit()
}
connect({ host, port: Number(port), localAddress }, () => end('answered')).on('error', ({ message }) => end(message))
setTimeout(() => end('silence'), PATIENCE_MS)
