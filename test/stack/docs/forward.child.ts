/** `forward.child.ts PORT SOCKET`: hands each connection to this port of loopback on to a Unix socket. */
import { connect, createServer, type Socket } from 'node:net'
import { join } from '../elasticsearch/servers/joined.ts'

const [port = '', socket = ''] = process.argv.slice(2)
const living = new Set<Socket>()

createServer(near => {
  const far = connect(socket)
  join(near, far, living)
  near.pipe(far).pipe(near)
}).listen(Number(port), '127.0.0.1', () => {
  process.stdout.write('forwarding\n')
})
