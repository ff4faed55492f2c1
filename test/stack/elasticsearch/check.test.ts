import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Ask } from '../../../elastic/call.ts'
import { checkServer } from '../../../elastic/check/all.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { type PlainServer, plainServer } from './plain-server.ts'
import { checked } from './said-of.ts'

let server: PlainServer
beforeAll(async () => {
  server = await plainServer()
}, 180_000)
afterAll(() => server.stop())

describe('clawtrust elastic check, of a real server', () => {
  let index: OpenclawIndex
  beforeEach(async () => {
    index = await new OpenclawIndex(server.client).create()
    await index.write({ connections: 3 })
    await index.refresh()
  })
  afterEach(() => index.delete())

  const check = (keys: object = {}) => checked({ nodes: [server.url], index: [index.name], ...keys })

  it('finds the clocks right, and reads an alias like the index to which it leads', async () => {
    const alias = `alias-${index.name}`
    await server.client.indices.putAlias({ index: index.name, name: alias })
    for (const name of [index.name, alias]) {
      const { check: said, code } = await check({ index: [name] })
      expect(said).toContain('ok      the clocks of Elasticsearch and this machine agree within a minute')
      expect(said).toContain(`ok      ${name} contains `)
      expect([code, said]).toEqual([0, expect.not.stringContaining('PROBLEM')])
    }
  }, 60_000)

  it('says that a closed index is closed, by its name, by a pattern and beside open ones', async () => {
    const pattern = `${index.name}*`
    await server.client.indices.close({ index: index.name })
    const words = `${index.name} is closed, so what it contains is not read; open it (POST /${index.name}/_open)`
    for (const name of [index.name, pattern]) {
      const { check: said, code } = await check({ index: [name] })
      expect(said).toContain(`PROBLEM ${words}`)
      expect(said).toContain('clawtrust.yml:1: 1 problem was found in the source; see above')
      expect(code).toBe(1)
    }
    const other = await new OpenclawIndex(server.client, `${index.name}-open`).create()
    await other.write({ connections: 1 })
    await other.refresh()
    const { check: said } = await check({ index: [pattern] })
    await other.delete()
    expect(said).toContain(`note    ${words}`)
  }, 60_000)

  it('says of a pattern and of a name that match nothing, with the place of the source', async () => {
    for (const name of ['nowhere-*', 'nowhere']) {
      const { check: said, code } = await check({ index: [name] })
      expect(said).toMatch(/PROBLEM .*nowhere.*; (?:start the shipper, or )?correct index/)
      expect(said).toContain('clawtrust.yml:1: ')
      expect(code).toBe(1)
    }
  }, 60_000)

  it('says that the clock of the server is ahead or behind', async () => {
    const ask: Ask = async ({ method, path, body }) => {
      const { statusCode, body: answer } = await server.client.transport.request(
        { method, path, ...(body === undefined ? {} : { body }) },
        { meta: true, ignore: [400, 404] },
      )
      return { status: statusCode ?? 0, body: answer }
    }
    for (const [ahead, words] of [
      [-600_000, 'the clock of Elasticsearch is 10 minutes ahead of that of this machine'],
      [600_000, 'the clock of Elasticsearch is 10 minutes behind that of this machine'],
    ] as const) {
      const now = () => Date.now() + ahead
      const found = await checkServer({ ask, index: [index.name], cursorField: 'event.ingested', now })
      const problems = found.filter(({ kind }) => kind === 'problem').map(({ sentence }) => sentence)
      expect(problems).toEqual([expect.stringContaining(words)])
    }
  }, 60_000)
})
