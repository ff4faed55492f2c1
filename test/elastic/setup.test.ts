import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { Secret } from '../../core/secret.ts'
import { written } from '../../elastic/call.ts'
import { explainRefusal } from '../../elastic/refusal.ts'
import { setupCalls, userCalls } from '../../elastic/setup.ts'
import { mappings } from '../../elastic/templates/mappings.ts'
import { names } from '../../elastic/templates/names.ts'

const text = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const paths = (calls: ReturnType<typeof setupCalls>) => calls.map(({ path }) => path)

describe('the calls of the setup', () => {
  it('are those on record: data streams, lifecycle and pipelines are on no server of the tests', () => {
    expect(setupCalls().map(written).join('\n')).toBe(text('recorded/setup.txt'))
  })

  it('make every part before the one that names it', () => {
    const seen: string[] = []
    for (const call of setupCalls()) {
      const named = Object.values(names).filter(name => JSON.stringify(call.body).includes(`"${name}"`))
      const ours = named.filter(name => paths(setupCalls()).some(path => path.endsWith(`/${name}`)))
      for (const name of ours) expect(seen).toContain(name)
      seen.push(call.path.split('/').at(-1) ?? '')
    }
  })

  it('of the plain variant hold the same mapping and nothing that a small server lacks', () => {
    const plain = JSON.stringify(setupCalls({ plain: true }))
    expect(plain).toContain(JSON.stringify(mappings))
    expect(plain).not.toMatch(/_ilm|_ingest|data_stream":\{\}|lifecycle|final_pipeline/)
  })

  it('leave the roles out where they are not wanted', () => {
    expect(paths(setupCalls({ roles: false })).filter(path => path.startsWith('/_security'))).toEqual([])
  })

  it('write the users whose passwords are given, with one role each', () => {
    const users = { reader: new Secret('read-me'), shipper: new Secret('write-me') }
    expect(userCalls(users).map(({ path, body }) => [path, body])).toEqual([
      [
        '/_security/user/openclaw_shipper',
        expect.objectContaining({ password: 'write-me', roles: [names.writerRole] }),
      ],
      ['/_security/user/clawtrust', expect.objectContaining({ password: 'read-me', roles: [names.readerRole] })],
    ])
    expect(paths(userCalls({ reader: users.reader }))).toEqual(['/_security/user/clawtrust'])
  })

  it('keep the logger’s arguments out of the index', () => {
    for (const name of ['0', '1', '2', '3', '_meta'] as const) {
      expect(mappings.properties[name]).toEqual({ type: 'object', enabled: false })
    }
    expect(mappings.dynamic).toBe(false)
  })
})

describe('a refused call', () => {
  const [first = { method: 'PUT', path: '/' } as const] = setupCalls()
  const answer = (status: number, reason: string) => ({ status, body: { error: { reason } } })

  it.each([
    [answer(403, 'unauthorized'), 'manage_index_templates'],
    [answer(401, 'missing'), 'check the credentials'],
    [answer(400, 'no handler found for uri'), '--plain'],
    [answer(400, 'broken'), 'correct the cause'],
  ])('is explained: %j', (refused, words) => {
    expect(explainRefusal(first, refused)).toContain(words)
  })

  it('says that security is off where roles cannot be written', () => {
    const role = { method: 'PUT', path: '/_security/role/x' } as const
    expect(explainRefusal(role, answer(400, 'no handler found for uri'))).toContain('--no-roles')
  })
})

describe('the configurations of shippers', () => {
  const files = readdirSync(new URL('../../elastic/shippers/', import.meta.url))

  it.each(files)('%s says what it rests on and writes to our stream', file => {
    const content = text(`../../elastic/shippers/${file}`)
    expect(content).toMatch(/^# Evidence: (?:not tested|test\/stack\/)/m)
    expect(content).toContain('openclaw.gateway')
    // Fluentd does not verify the version of Elasticsearch: its role may not ask for it.
    expect(content).not.toMatch(/verif(?:y(?!_es_version)|ication)[^\n]*(?:none|off|false)/i)
  })
})
