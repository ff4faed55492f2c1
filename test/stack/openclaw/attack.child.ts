/**
 * `attack.child.ts <installation> <port> <attempts>`: signs in at a gateway with each credential, one after the other.
 * A program of its own, because the WebSocket client that can set headers is found among OpenClaw's own packages.
 */
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [installation = '', port = '', attempts = '[]'] = process.argv.slice(2)
const WebSocket = createRequire(join(installation, 'node_modules/openclaw/package.json'))('ws')

const client = { id: 'cli', displayName: 'test laptop', version: '2026.9.6', platform: 'linux', mode: 'cli' }
const asked = { role: 'operator', scopes: ['operator.read'], caps: [], commands: [], permissions: {} }

for (const { token, from } of JSON.parse(attempts)) await signIn(token, from)

async function signIn(token: string, from: string): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: { 'x-forwarded-for': from } })
  const limit = setTimeout(() => socket.terminate(), 15_000)
  const params = { minProtocol: 4, maxProtocol: 4, client, ...asked, auth: { token } }
  socket.on('message', (data: Buffer) => {
    const { event, type } = JSON.parse(String(data))
    if (event === 'connect.challenge') socket.send(JSON.stringify({ type: 'req', id: '1', method: 'connect', params }))
    else if (type === 'res') socket.close()
  })
  await once(socket, 'close')
  clearTimeout(limit)
}
