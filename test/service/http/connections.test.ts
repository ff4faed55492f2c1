import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import { systemClock } from '../../../core/clock.ts'
import { connectionLimits } from '../../../service/http/connection-limits.ts'
import { Connections } from '../../../service/http/connections.ts'

it('leaves nothing of connections that were reset, where the client uses the same port again, served or not', async () => {
  const connections = new Connections({
    limits: connectionLimits(Number.POSITIVE_INFINITY),
    isTrustedProxy: () => false,
    limited: () => {},
    clock: systemClock,
  })
  const server = createServer((_request, response) => response.end('served'))
  connections.watch(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const open = async (localPort?: number) => {
    const accepted = once(server, 'connection')
    const socket = connect({ port, host: '127.0.0.1', ...(localPort !== undefined && { localPort }) })
    socket.on('error', () => {}).resume()
    await Promise.all([once(socket, 'connect'), accepted])
    return socket
  }
  const flood = []
  for (let count = 0; count < 200; count++) flood.push(await open())
  const first = await open()
  const { localPort } = first
  await once(first.resetAndDestroy(), 'close')
  for (let round = 0; round < 300; round++) {
    const socket = await open(localPort)
    // In every other round, it is served, and read.
    if (round % 2 === 0) flood.pop()?.destroy()
    await once(socket.resetAndDestroy(), 'close')
  }
  for (const socket of flood) socket.destroy()
  const openConnections = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    )
  // Their ends arrive one after another.
  for (let turn = 0; turn < 20_000 && (await openConnections()) > 0; turn++) await setImmediate()
  expect(await openConnections()).toBe(0)
  const response = await fetch(`http://127.0.0.1:${port}/`)
  expect([await response.text(), response.headers.get('connection')]).toEqual(['served', 'keep-alive'])
  connections.close()
  server.close()
})
