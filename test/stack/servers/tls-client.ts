import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type SecureVersion } from 'node:tls'
import type { KeyPair } from './client-certificates.ts'

export interface Door {
  readonly host: string
  readonly port: number
}

export interface Knock {
  readonly certificate?: KeyPair
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Local address to come from. */
  readonly from?: string
  readonly newestProtocol?: SecureVersion
  /** Name of the server in the handshake. Default: none. */
  readonly serverName?: string
  /** How long silence is borne, milliseconds. Default: 5 s. */
  readonly patience?: number
}

/** One request with a client certificate or without, and the answer up to the end of the connection. */
export function request(door: Door, knock: Knock = {}): Promise<string> {
  const { path = '/', headers = {} } = knock
  const lines = Object.entries({ Host: 'localhost', Connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  return sendSecured(door, `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, knock)
}

/** Bytes of the client's own choice within TLS. */
export function sendSecured(door: Door, bytes: string | Uint8Array, knock: Knock = {}): Promise<string> {
  const { certificate, from, newestProtocol, serverName, patience } = knock
  const socket = connectTls({
    ...door,
    rejectUnauthorized: false,
    ...(certificate === undefined
      ? {}
      : { cert: readFileSync(certificate.certificateFile), key: readFileSync(certificate.keyFile) }),
    ...(from === undefined ? {} : { localAddress: from }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(newestProtocol === undefined
      ? {}
      : { minVersion: 'TLSv1', maxVersion: newestProtocol, ciphers: 'ALL:@SECLEVEL=0' }),
  })
  socket.write(bytes)
  return answer(socket, patience)
}

/** Bytes that are no TLS. */
export function sendRaw(door: Door, bytes: string): Promise<string> {
  const socket = connectTcp(door.port, door.host)
  socket.write(bytes)
  return answer(socket)
}

/** A client that rejects the server's certificate and says so by an alert, which Node.js does not. */
export function rejectServer({ host, port }: Door): void {
  const args = ['s_client', '-connect', `${host}:${port}`, '-tls1_2', '-verify_return_error']
  spawnSync('openssl', args, { input: '', timeout: 5_000 })
}

/** What came back until the connection ended, an error among it: to be refused is what these clients are for. */
function answer(socket: Socket, patience = 5_000): Promise<string> {
  return new Promise(resolve => {
    let text = ''
    socket.on('data', chunk => {
      text += chunk
    })
    socket.on('error', error => {
      text += error.message
    })
    socket.on('close', () => resolve(text))
    socket.setTimeout(patience, () => socket.destroy())
  })
}
