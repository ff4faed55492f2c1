import { describe, expect, it } from '@jest/globals'
import { proxies } from '../../core/labels/transport.ts'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { areOfKnownProgram, KNOWN_PROGRAMS, nameProxyOf } from '../../decoding/envelopes/programs.ts'
import { dialects } from '../../decoding/registry.ts'
import { dialectFixtures } from './dialect-fixtures.ts'

const dispatcher = createDispatcher(dialects)
const tagged = (program: string, line: string) => `Nov 29 10:11:12 gw ${program}[4711]: ${line}`
const ofProxies = dialects.flatMap(({ name }) => {
  const line = dialectFixtures[name]?.lines?.find(
    body =>
      dispatcher.decode({ id: '1', body }).decoding.kind === 'claim' && proxies.some(each => name.startsWith(each)),
  )
  return line === undefined ? [] : [[name, line] as const]
})

describe('a record of a proxy in an envelope that names its program', () => {
  it.each(ofProxies)('of the dialect %s is opened where a known program is named', (decoder, line) => {
    const decode = (body: string) => dispatcher.decode({ id: '1', body }).decoder
    const [proxy = ''] = proxies.filter(each => decoder.startsWith(each))
    expect(decode(tagged(proxy, line))).toBe(decoder)
    expect(decode(tagged(`docker/${proxy}`, line))).toBe(decoder)
    expect(decode(tagged('shop', line))).toBe('none')
  })

  it.each(ofProxies)(
    'of the dialect %s is believed near a console of a gateway only where its own proxy is named',
    (decoder, line) => {
      const decode = (program: string) =>
        dispatcher.decode({ id: '1', body: tagged(program, line), forgeable: 'wrapped' }).decoding
      for (const proxy of proxies) {
        const decoding = decode(proxy)
        if (decoder.startsWith(proxy)) expect(decoding.kind).toBe('claim')
        else expect(decoding).toEqual({ kind: 'undecoded', reason: 'forgeable_line' })
      }
      expect(decode('openclaw')).toEqual({ kind: 'undecoded', reason: 'forgeable_line' })
    },
  )

  it('is named by a word that begins with the name of the proxy, and each proxy is in the documentation', () => {
    for (const proxy of proxies) {
      expect(areOfKnownProgram([`${proxy}.service`])).toBe(true)
      expect(areOfKnownProgram([`shop-${proxy}-1`])).toBe(true)
      expect(areOfKnownProgram([`my${proxy}`])).toBe(false)
      expect(nameProxyOf(`${proxy}-access`, [`docker/${proxy}`])).toBe(true)
      expect(nameProxyOf('openclaw-file', [proxy])).toBe(false)
      expect(KNOWN_PROGRAMS).toContain(`\`${proxy}\``)
    }
  })
})
