/**
 * `server.child.ts PORT…`: listens on each port over TCP and UDP, on all addresses, and says the text of each arrival on a line
 * of its own. What arrives on the last port by UDP is answered, so that its flow is established.
 */
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

const ports = process.argv.slice(2).map(Number)
const say = (line: string) => process.stdout.write(`${line}\n`)

await Promise.all(
  ports.map(async port => {
    const server = createServer(socket => {
      socket.on('error', () => {})
      createInterface({ input: socket }).on('line', say)
    })
    await new Promise<void>(resolve => server.listen(port, '::', resolve))
    const socket = createSocket('udp6')
    socket.on('message', (message, { address, port: from }) => {
      say(String(message))
      if (port === ports.at(-1)) socket.send(message, from, address)
    })
    await new Promise<void>(resolve => socket.bind(port, '::', resolve))
  }),
)
say('listening')
