/**
 * `echo.child.ts serve HOST PORT`: sends back what comes. `echo.child.ts ask HOST PORT`: asks ten times a second on one
 * connection, and says each question and each answer with its number and its time, milliseconds since 1970.
 */
import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'

const [role, host = '', port = ''] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)

if (role === 'serve') {
  createServer(socket => socket.on('error', () => {}).pipe(socket)).listen(Number(port), host, () => say('listening'))
} else {
  const socket = connect(Number(port), host)
  socket.on('error', error => say(`error ${error.message}`))
  createInterface({ input: socket }).on('line', number => say(`answer ${number} ${Date.now()}`))
  let asked = 0
  setInterval(() => {
    say(`question ${++asked} ${Date.now()}`)
    socket.write(`${asked}\n`)
  }, 100)
}
