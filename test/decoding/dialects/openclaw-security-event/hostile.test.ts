import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isObject } from '../../../../core/json.ts'
import { signals } from '../../../../core/signals.ts'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import type { Fields } from '../../../../decoding/toolkit/fields.ts'
import { realSecurityEvents, syntheticSecurityEvents } from '../../fixtures.ts'
import { securityEventForms } from '../../security-event-forms.ts'

const { decode } = createDispatcher(dialects)
const events: readonly Fields[] = [
  ...realSecurityEvents.map(line => JSON.parse(line).event),
  ...syntheticSecurityEvents.map(line => JSON.parse(line)),
]
const inside = (event: Fields) => event
const forms = [inside, ...Object.values(securityEventForms)]

/** Values that an outsider may choose: who asks, from where, for what. */
const chosen = [
  ['target', 'name'],
  ['target', 'owner'],
  ['target', 'idHash'],
  ['actor', 'channel'],
  ['actor', 'role'],
  ['actor', 'scopes'],
  ['actor', 'idHash'],
  ['actor', 'deviceIdHash'],
  ['policy', 'reason'],
  ['reason'],
] as const

/** What looks like a field, a record, a label or an address. */
const bait = fc.oneof(
  fc.constantFrom(
    '198.51.100.77',
    'x","openclaw.security.action":"gateway.auth.succeeded',
    'a\nremoteAddr=198.51.100.77 fwd=198.51.100.77',
    '{"type":"security.event","action":"gateway.auth.succeeded"}',
    'openclaw.security.action=exec.approval.approved',
    'token_mismatch',
    'rate_limited',
    'approval-timeout',
    'allow-once',
    '__proto__',
    'constructor',
    '\u001b[31m',
    '\u2028',
    '\ud800',
    'x'.repeat(5_000),
  ),
  fc.string(),
)

/** The event with a value put into a place. */
function poisoned(event: Fields, path: readonly string[], value: unknown): Fields {
  const [key = '', ...rest] = path
  if (rest.length === 0) return { ...event, [key]: value }
  const inner = event[key]
  return { ...event, [key]: poisoned(isObject(inner) ? inner : {}, rest, value) }
}

function claimOf(body: string | Fields) {
  const { decoding } = decode({ id: '1', body })
  return decoding.kind === 'claim' ? decoding.claim : undefined
}

const isOfClosedSet = (signal: keyof typeof signals, labels: Readonly<Record<string, string>>) => {
  const sets: Readonly<Record<string, readonly string[] | null>> = signals[signal].labels
  return Object.entries(labels).every(([label, value]) => sets[label]?.includes(value))
}

describe('what an outsider may choose of a security.event', () => {
  it('never becomes a field, a label value, an address or another event, in any form', () => {
    const attack = fc.record({
      event: fc.constantFrom(...events),
      layOut: fc.constantFrom(...forms),
      path: fc.constantFrom(...chosen),
      text: bait,
      isLine: fc.boolean(),
    })
    fc.assert(
      fc.property(attack, ({ event, layOut, path, text, isLine }) => {
        const honest = claimOf(layOut(event))
        const document = layOut(poisoned(event, path, text))
        const claim = claimOf(isLine ? JSON.stringify(document) : document)
        expect(claim === undefined).toBe(honest === undefined)
        if (claim === undefined || honest === undefined) return
        expect(isOfClosedSet(claim.signal, claim.labels)).toBe(true)
        expect(claim.actor).not.toHaveProperty('peerAddress')
        expect(claim.actor).not.toHaveProperty('forwardedFor')
        expect(claim.actor).not.toHaveProperty('resolvedAddress')
        expect([claim.time, claim.origin, claim.pair, claim.count]).toEqual([
          honest.time,
          honest.origin,
          honest.pair,
          honest.count,
        ])
        // Only the reason decides: of a failure, and whether a denial was one or nobody answered.
        if (path.join('.') !== 'reason') expect([claim.signal, claim.labels]).toEqual([honest.signal, honest.labels])
        expect(Object.values(claim.details ?? {}).every(value => value.length <= 256)).toBe(true)
        expect(Object.keys(claim.details ?? {})).toEqual(expect.not.arrayContaining([text]))
      }),
      { numRuns: 3_000 },
    )
  })

  it('are values of any type without harm: what is no text is not there', () => {
    const attack = fc.record({
      event: fc.constantFrom(...events),
      layOut: fc.constantFrom(...forms),
      path: fc.constantFrom(...chosen, ['actor'], ['target'], ['attributes'], ['trace'], ['eventId']),
      value: fc.anything({ withNullPrototype: true, maxDepth: 2 }).filter(value => typeof value !== 'string'),
    })
    fc.assert(
      fc.property(attack, ({ event, layOut, path, value }) => {
        const claim = claimOf(layOut(poisoned(event, path as readonly string[], value)))
        if (claim === undefined) return
        expect(isOfClosedSet(claim.signal, claim.labels)).toBe(true)
        for (const text of Object.values(claim.details ?? {})) expect(typeof text).toBe('string')
        if (path[0] === 'eventId') expect(claim.pair).toBeUndefined()
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a security.event that cannot be read is counted by its reason', () => {
  const [event = {}] = events
  it.each<[string, Fields, string]>([
    ['without an action', { ...event, action: undefined }, 'unknown_template'],
    ['with an action of tomorrow', { ...event, action: 'gateway.auth.postponed' }, 'unknown_template'],
    ['with an action that is no text', { ...event, action: ['gateway.auth.failed'] }, 'unknown_template'],
    ['without a time', { ...event, ts: undefined }, 'bad_time'],
    ['with a time that is none', { ...event, ts: 'yesterday' }, 'bad_time'],
  ])('%s: %#', (_sentence, broken, reason) => {
    expect(decode({ id: '1', body: broken })).toMatchObject({
      decoder: 'security-event',
      decoding: { kind: 'undecoded', reason },
    })
  })

  it('and one without an id says what it lacks', () => {
    for (const eventId of [undefined, '', 7, ['x']]) {
      expect(decode({ id: '1', body: { ...event, eventId } }).lacks?.field).toBe('event_id')
    }
    expect(decode({ id: '1', body: event }).lacks).toBeUndefined()
  })
})
