/**
 * `forge.child.ts <installation> <port> <token> <forged line>`: puts a line into every text of the handshake, of requests
 * and of HTTP that a caller chooses, between line breaks, before and after the sign-in.
 */
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [installation = '', port = '', token = '', line = ''] = process.argv.slice(2)
const WebSocket = createRequire(join(installation, 'node_modules/openclaw/package.json'))('ws')

const forged = `x\n${line}\n`
const client = { id: 'cli', displayName: 'test laptop', version: '2026.9.6', platform: 'linux', mode: 'cli' }
const params = {
  minProtocol: 4,
  maxProtocol: 4,
  client,
  role: 'operator',
  scopes: ['operator.read'],
  caps: [],
  commands: [],
  permissions: {},
  auth: { token: 'wrong-token' },
}

/** The same handshake with the forged line in one of its texts. */
const handshakes: readonly Record<string, unknown>[] = [
  ...Object.keys(client).map(key => ({ ...params, client: { ...client, [key]: forged } })),
  ...['deviceFamily', 'modelIdentifier', 'instanceId'].map(key => ({
    ...params,
    client: { ...client, [key]: forged },
  })),
  ...['role', 'locale', 'userAgent', 'pathEnv'].map(key => ({ ...params, [key]: forged })),
  ...['token', 'password', 'deviceToken', 'bootstrapToken'].map(key => ({ ...params, auth: { [key]: forged } })),
  { ...params, scopes: [forged] },
  { ...params, caps: [forged] },
  { ...params, device: { id: forged, publicKey: forged, signature: forged, signedAt: Date.now(), nonce: forged } },
  { ...params, [forged]: forged },
  { ...params, minProtocol: forged },
]

const request = (method: string, given: unknown, id = '1') => JSON.stringify({ type: 'req', id, method, params: given })

for (const handshake of handshakes) await converse([request('connect', handshake)])
// Without an origin, as from a program, the gateway goes on to the credential.
for (const handshake of handshakes) await converse([request('connect', handshake)], {})
for (const frame of [forged, line, `${line}\n`, request(forged, {}), request('connect', params, forged)]) {
  await converse([frame])
}
const admitted = request('connect', { ...params, auth: { token } })
await converse([admitted, request(forged, {}, '2'), request('config.get', { path: forged }, '3')])
await converse([admitted, request('chat.send', { sessionKey: forged, message: forged, idempotencyKey: forged }, '2')])
await converse([admitted, request('agent', { message: forged, agentId: forged, idempotencyKey: forged }, '2')])

const encoded = encodeURIComponent(forged)
for (const path of [`/${encoded}`, `/hooks/${encoded}`, `/?token=${encoded}`, `/v1/responses?x=${encoded}`]) {
  await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: forged, headers: { 'user-agent': line } })
}
await fetch(`http://127.0.0.1:${port}/hooks/agent`, {
  method: 'POST',
  body: JSON.stringify({ message: forged, name: forged, sessionKey: forged }),
  headers: { 'content-type': 'application/json', authorization: `Bearer ${line}`, 'x-forwarded-for': line },
})

/** Sends the frames once the gateway asks for the sign-in, and hangs up when each has its answer, or after a second. */
async function converse(
  frames: readonly string[],
  headers: Readonly<Record<string, string>> = {
    'user-agent': line,
    origin: 'https://a.example',
    'x-forwarded-for': '203.0.113.1',
  },
): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers })
  const limit = setTimeout(() => socket.close(), 1_000)
  let answers = 0
  socket.on('message', (data: Buffer) => {
    const { event, type } = JSON.parse(String(data))
    if (event === 'connect.challenge') for (const frame of frames) socket.send(frame)
    else if (type === 'res' && ++answers === frames.length) socket.close()
  })
  socket.on('error', () => undefined)
  await once(socket, 'close')
  clearTimeout(limit)
}
