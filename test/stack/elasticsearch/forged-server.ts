import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Certificates, makeCertificates } from './servers/certificates.ts'

/**
 * A server that pretends: its certificate is signed by another key of an authority of the same name, and the genuine
 * authority, which is no secret, is appended to it. Who only compares fingerprints takes it for genuine.
 */
export class ForgedServer {
  /** Header Authorization of every request that was made to it. */
  readonly credentials: (string | undefined)[] = []
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    server.on('request', ({ headers }, answer) => {
      this.credentials.push(headers.authorization)
      answer.writeHead(200, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }).end('{}')
    })
  }

  static async start(genuine: Certificates, folder: string): Promise<ForgedServer> {
    const own = await makeCertificates(folder)
    const leaf = readFileSync(join(folder, 'leaf.crt'), 'utf8')
    const server = createServer({ key: readFileSync(own.keyFile), cert: leaf + genuine.ca })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return new ForgedServer(server)
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }
}
