import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { summaryOf } from '../../fixtures.ts'

const { decode } = createDispatcher(dialects)
const lines = readFileSync(
  new URL('../../../fixtures/openclaw/posture/config-audit.real.jsonl', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')
const summary = (body: string | Record<string, unknown>) => summaryOf(decode({ id: '1', body }).decoding)
const external = JSON.parse(lines.find(line => line.includes('"config.external"')) ?? '')
const write = JSON.parse(lines.find(line => line.includes('"config.write"')) ?? '')

describe('a row of the configuration trail', () => {
  it('is a write, an edit or an observation', () => {
    const kinds = lines.map(line => summary(line).split(' ').slice(0, 2).join(' '))
    const count = (kind: string) => kinds.filter(each => each === kind).length
    expect([count('configuration write'), count('configuration edit'), count('no_signal')]).toEqual([6, 8, 1])
  })

  it('is severe where a sensitive path or an invalid file was brought in', () => {
    expect(summary({ ...external, valid: true, changedPaths: ['ui.theme'] })).toBe('configuration edit medium')
    expect(summary({ ...external, valid: true, changedPaths: ['gateway.auth.token'] })).toBe('configuration edit high')
    expect(summary({ ...external, valid: false })).toBe('configuration edit high')
  })

  it('counts by the log where the command line or RPC wrote it', () => {
    const isLogged = (origin: string) => decode({ id: '1', body: { ...write, origin } }).decoding
    expect(isLogged('cli')).toMatchObject({ change: { by: 'write', isLogged: true } })
    expect(isLogged('config-rpc')).toMatchObject({ change: { isLogged: true } })
    expect(isLogged('plugin-install')).toMatchObject({ change: { isLogged: false } })
  })

  it('changes nothing where the write failed, or the file is as before', () => {
    expect(summary({ ...write, result: 'rejected' })).toBe('no_signal')
    expect(summary({ ...external, nextHash: external.previousHash })).toBe('no_signal')
  })
})
