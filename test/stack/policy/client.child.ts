/**
 * `client.child.ts FROM TO PORT`: begins connections as standard input asks, and then sends a mark on a UDP flow from FROM to
 * TO:PORT, which was established before; `end` ends the connections that are open.
 */
import { createSocket } from 'node:dgram'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Probe } from './probe.ts'

const [from = '', to = '', port = ''] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)

const marks = createSocket('udp4')
await new Promise<void>(resolve => marks.bind(0, from, resolve))
marks.on('message', message => say(`answered ${message}`))
const mark = (text: string) => new Promise<void>(resolve => marks.send(text, Number(port), to, () => resolve()))

const open = new Set<Socket>()

async function begin({ text, source, destination, port, transport }: Probe): Promise<void> {
  if (transport === 'tcp') {
    const socket = connect({ host: destination, port, localAddress: source }, () => socket.write(`${text}\n`))
    socket.on('error', () => {})
    open.add(socket)
    // The first segment is sent in a later turn.
    await new Promise(resolve => setImmediate(resolve))
    return
  }
  const socket = createSocket(source.includes(':') ? 'udp6' : 'udp4')
  socket.on('error', () => {})
  await new Promise<void>(resolve => socket.bind(0, source, resolve))
  await new Promise<void>(resolve => socket.send(text, port, destination, () => resolve()))
  socket.close()
}

createInterface({ input: process.stdin }).on('line', async line => {
  if (line.startsWith('end')) {
    for (const socket of open) socket.destroy()
    open.clear()
    say(line)
    return
  }
  const { probes, last } = JSON.parse(line) as { probes: readonly Probe[]; last: string }
  for (const probe of probes) await begin(probe)
  await mark(last)
})
await mark('first')
