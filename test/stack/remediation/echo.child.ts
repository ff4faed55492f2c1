/** `echo.child.ts serve HOST PORT`: sends back what comes. `echo.child.ts ask HOST PORT`: asks ever again on one connection and says each answer. */
import { connect, createServer } from 'node:net'

const [role, host = '', port = ''] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)

if (role === 'serve') {
  createServer(socket => socket.on('error', () => {}).pipe(socket)).listen(Number(port), host, () => say('listening'))
} else {
  const socket = connect(Number(port), host)
  socket.on('error', error => say(`error ${error.message}`))
  socket.on('data', data => say(`answer ${data}`))
  let asked = 0
  setInterval(() => socket.write(String(++asked)), 100)
}
