import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type { SecurityEvent } from '../../../core/event.ts'
import { RepeatedForms } from '../../../exporter/pipeline/repeated-forms.ts'
import { claim, NOON } from './fixtures.ts'

const event = (parts: Partial<SecurityEvent> = {}): SecurityEvent => ({
  ...claim(),
  eventTime: NOON,
  gateway: 'gw',
  trustZone: 'agent-control',
  record: { source: 'log', id: '1' },
  ...parts,
  actor: { address: '198.51.100.7', addressTrusted: true, ...parts.actor },
})

describe('events in two forms of one log', () => {
  it('are recognised in the second form, within its second', () => {
    const forms = new RepeatedForms()
    expect(forms.isRepeated('nginx-access', event({ eventTime: NOON + 700 }))).toBe(false)
    expect(forms.isRepeated('nginx-combined', event())).toBe(true)
    expect(forms.isRepeated('nginx-access', event())).toBe(false)
  })

  it.each([
    ['at another time', 'nginx-combined', { eventTime: NOON + 1_000 }],
    ['of another address', 'nginx-combined', { actor: { address: '198.51.100.8', addressTrusted: true } }],
    ['at another gateway', 'nginx-combined', { gateway: 'other' }],
    ['of another signal', 'nginx-combined', { signal: 'policy_decisions' }],
    ['of another program', 'keycloak-json', {}],
    ['of a dialect without another form', 'envoy', {}],
  ] as const)('are others %s', (_which, decoder, parts) => {
    const forms = new RepeatedForms()
    forms.isRepeated('nginx-access', event())
    expect(forms.isRepeated(decoder, event(parts))).toBe(false)
  })

  it('are recognised where one of the forms names no gateway, in either order', () => {
    for (const [first, second] of [
      ['gw', 'unknown'],
      ['unknown', 'gw'],
    ] as const) {
      const forms = new RepeatedForms()
      expect(forms.isRepeated('nginx-access', event({ gateway: first }))).toBe(false)
      expect(forms.isRepeated('nginx-combined', event({ gateway: second }))).toBe(true)
    }
  })

  it('are recognised while as many keys came since as one generation has, and forgotten after twice as many', () => {
    for (const [others, isKnown] of [
      [49, true],
      [100, false],
    ] as const) {
      const forms = new RepeatedForms(100)
      forms.isRepeated('nginx-access', event())
      for (let second = 1; second <= others; second++)
        forms.isRepeated('nginx-access', event({ eventTime: NOON + second * 1_000 }))
      expect(forms.isRepeated('nginx-combined', event())).toBe(isKnown)
    }
  })

  it('are not compared without an address and an identity', () => {
    const forms = new RepeatedForms()
    const { address: _none, ...actor } = event().actor
    const unknown = { ...event(), actor }
    forms.isRepeated('nginx-access', unknown)
    expect(forms.isRepeated('nginx-combined', unknown)).toBe(false)
  })

  it('are of dialects that there are', () => {
    const code = readFileSync(new URL('../../../exporter/pipeline/repeated-forms.ts', import.meta.url), 'utf8')
    const names = [...code.matchAll(/^ {2}\['([\w-]+)', '/gm)].map(([, name]) => name)
    const documented = readFileSync(new URL('../../../docs/decoders.md', import.meta.url), 'utf8')
    expect(names).toHaveLength(6)
    for (const name of names) expect(documented).toContain(`\`${name}\``)
  })
})
