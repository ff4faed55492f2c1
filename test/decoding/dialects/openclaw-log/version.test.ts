import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { composeLine } from '../../../../decoding/dialects/openclaw-log/compose-line.ts'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { knownVersion } from '../../../../decoding/toolkit/version-report.ts'
import { realLines } from '../../fixtures.ts'

const { decode } = createDispatcher(dialects)
const versionIn = (body: string | object) => decode({ id: '', body: body as string }).version

const line = (text: string, level: 'INFO' | 'WARN' = 'INFO') =>
  composeLine({ subsystem: 'gateway', level, text, time: Date.UTC(2026, 10, 22), host: 'gw' })

describe('the version of a gateway', () => {
  it('is in the build that it reports of a refused Control UI', () => {
    const build = realLines.find(each => each.includes('gatewayBuildId')) ?? ''
    expect(versionIn(build)).toEqual({
      origin: { host: 'vm', port: 18998, subsystem: 'gateway/ws' },
      version: '2026.9.6',
    })
  })

  it('is in the line about an update, at its end', () => {
    const update = 'update available (latest): v2026.10.1 (current v2026.9.6). Run: openclaw update'
    expect(versionIn(line(update))?.version).toBe('2026.9.6')
  })

  it('is in no other line, whatever a client calls itself', () => {
    const others = realLines.filter(each => !each.includes('gatewayBuildId'))
    for (const each of others) {
      const hostile = each.replaceAll('evil laptop', '(current v6.6.6). Run: openclaw update gatewayBuildId=6.6.6-x')
      expect(versionIn(hostile)?.version).toBeUndefined()
    }
  })

  it('is never what follows, or precedes, the line that the gateway writes', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const text = `update available (latest): v${before} (current v2026.9.6). Run: openclaw update${after}`
        const version = versionIn(line(text))?.version
        expect([undefined, '2026.9.6']).toContain(version === undefined ? undefined : knownVersion(version))
      }),
    )
  })

  it('is service.version of a document, also where the record in it is undecoded or of no signal', () => {
    const shipped = {
      ...JSON.parse(line('words that nobody knows', 'WARN')),
      service: { name: 'openclaw', version: '2026.9.6' },
    }
    expect(versionIn(shipped)).toEqual({
      origin: { host: 'gw', service: 'openclaw', serviceVersion: '2026.9.6' },
      template: 'gateway: words that nobody knows',
    })
  })

  it('is not looked for in a line that a client may have written', () => {
    const warning = line('words that nobody knows', 'WARN')
    expect(decode({ id: '', body: warning, forgeable: 'bare' }).version).toBeUndefined()
  })
})
