import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from '@jest/globals'
import { type PlainServer, plainServer } from '../elasticsearch/plain-server.ts'
import { makeCertificates } from '../elasticsearch/servers/certificates.ts'
import type { Ground } from './trial.ts'

const START_MS = 240_000

/** The server of the run and certificates for the ways to it, from before the first test of a group to its end. */
export function groundFor(make: Ground['make']): () => Ground {
  let folder: string
  let server: PlainServer
  let ground: Ground

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clawtrust-shippers-'))
    server = await plainServer()
    const { url, client } = server
    ground = { url, client, certificates: await makeCertificates(folder), make }
  }, START_MS)

  afterAll(async () => {
    await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  return () => ground
}
