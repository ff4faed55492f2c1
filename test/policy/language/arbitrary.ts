import fc from 'fast-check'
import { devicePostures, type Policy, weekdays } from '../../../policy/model/policy.ts'
import { type ApplicationProtocol, protocols } from '../../../policy/model/protocols.ts'

/** A policy without its places. */
export const bare = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === 'at' ? undefined : inner)))

const at = { from: 0, to: 0 }

const name = fc.stringMatching(/^[a-z][a-z0-9._-]{0,8}[a-z0-9]$/)
const host = fc.stringMatching(/^(?:\*\.)?[a-z][a-z0-9-]{0,5}[a-z]\.[a-z]{2,5}$/)
/** What an identity or a label may be: any printable text that is not looked at twice. */
const text = fc.stringMatching(/^[A-Za-z0-9:/@._,=#()+ -]{1,14}[a-z0-9]$/).map(one => one.trim())
const pattern = fc.tuple(text, fc.boolean()).map(([one, isOpen]) => (isOpen ? `${one}*` : one))
const network = fc.oneof(
  fc.ipV4(),
  fc.constantFrom('10.0.0.0/8', '192.168.4.0/22', '0.0.0.0/0', '2001:db8::/32', '2001:db8::1', '::/0', '::1'),
)

const term = fc.oneof(
  fc.constant({ kind: 'any' as const }),
  pattern.map(one => ({ kind: 'service-identity' as const, name: one })),
  name.map(zone => ({ kind: 'zone' as const, zone })),
  name.map(list => ({ kind: 'list' as const, list })),
  text.map(one => ({ kind: 'namespace' as const, name: one })),
  fc
    .tuple(fc.stringMatching(/^[a-z][a-z0-9./_-]{0,9}$/), text)
    .map(([label, value]) => ({ kind: 'label' as const, label, value })),
  network.map(cidr => ({ kind: 'network' as const, cidr })),
  host.map(one => ({ kind: 'host' as const, name: one })),
)

const conjunction = fc
  .array(
    term.map(one => ({ ...one, at })),
    { minLength: 1, maxLength: 3 },
  )
  .map(terms => ({ at, terms }))
const selector = fc.array(conjunction, { minLength: 1, maxLength: 6 })

const range = fc
  .tuple(fc.integer({ min: 1, max: 65_535 }), fc.integer({ min: 1, max: 65_535 }))
  .map(([one, other]) => ({ first: Math.min(one, other), last: Math.max(one, other) }))
const destination = fc
  .tuple(conjunction, fc.array(range, { maxLength: 1 }))
  .map(([whole, ports]) => ({ ...whole, ports }))

const minutes = fc.integer({ min: 0, max: 1_439 })
const condition = fc.oneof(
  fc
    .uniqueArray(fc.constantFrom(...devicePostures), { minLength: 1 })
    .map(is => ({ kind: 'device-posture' as const, is, at })),
  fc
    .tuple(minutes, minutes)
    .filter(([from, to]) => from !== to)
    .map(([from, to]) => ({ kind: 'time' as const, from, to, at })),
  fc.subarray([...weekdays], { minLength: 1 }).map(days => ({ kind: 'weekday' as const, days, at })),
  fc.array(network, { minLength: 1, maxLength: 3 }).map(networks => ({ kind: 'network' as const, networks, at })),
  fc.constant({ kind: 'authentication' as const, is: 'mutual' as const, at }),
)
const conditions = fc.array(condition, { maxLength: 3 })

const protocol = fc.uniqueArray(fc.constantFrom(...(Object.keys(protocols) as ApplicationProtocol[])), { maxLength: 3 })
const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map(date => date.toISOString().slice(0, 10))
const reason = fc
  .stringMatching(/^[A-Z][a-zA-Z0-9 ,.:=()\u2013\u00e9-]{0,40}[a-z]$/)
  .map(one => one.replaceAll(': ', ' '))

/** Any policy that the language can say. Its names need not be known. */
export const policyArbitrary: fc.Arbitrary<Policy> = fc.record(
  {
    name,
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'),
    identityLabel: fc.constantFrom('app.kubernetes.io/name', 'app'),
    zones: fc.array(fc.record({ name, at: fc.constant(at), members: selector }), { maxLength: 3 }),
    lists: fc.array(fc.record({ name, at: fc.constant(at), members: selector }), { maxLength: 3 }),
    rules: fc.array(
      fc.record(
        {
          name,
          at: fc.constant(at),
          from: selector,
          to: fc.array(destination, { minLength: 1, maxLength: 4 }),
          protocols: protocol,
          conditions,
          owner: fc.stringMatching(/^[a-z][a-z0-9@.-]{0,12}$/),
          expires: day,
          reason,
        },
        { requiredKeys: ['name', 'at', 'from', 'to', 'protocols', 'conditions'] },
      ),
      { maxLength: 4 },
    ),
    roles: fc.array(
      fc.record({
        name,
        at: fc.constant(at),
        identities: fc.array(pattern, { minLength: 1, maxLength: 3 }),
        scopes: fc.array(pattern, { minLength: 1, maxLength: 3 }),
        conditions,
      }),
      { maxLength: 2 },
    ),
    expectations: fc.array(
      fc.record({
        at: fc.constant(at),
        decision: fc.constantFrom('allow' as const, 'deny' as const, 'unknown' as const),
        from: conjunction,
        to: destination,
        protocols: protocol,
        conditions,
      }),
      { maxLength: 4 },
    ),
  },
  { requiredKeys: ['name', 'timeZone', 'zones', 'lists', 'rules', 'roles', 'expectations'] },
)
