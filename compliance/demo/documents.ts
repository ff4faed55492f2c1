import { type EpochMs, HOUR_MS } from '../../core/clock.ts'
import { seededRandom } from '../../core/random.ts'
import type { Observer } from '../../core/zero-trust.ts'
import { ATTACK, ATTACKER, BEGIN, officeHours } from './story.ts'

/** A document with its fields by their paths, as a query names them. */
export interface DemoDocument {
  readonly id: string
  readonly time: EpochMs
  readonly fields: Readonly<Record<string, string | number>>
}

/** An index, its first document, and the documents that begin in an hour, in order. */
export interface DemoIndex {
  readonly name: string
  readonly since: EpochMs
  /** Who writes it. */
  readonly observer: Observer
  /** Every field that a document may have. */
  readonly fields: readonly string[]
  documents(hour: EpochMs): readonly DemoDocument[]
}

const people = ['a.berg', 'd.novak', 'j.ito', 'm.rossi', 's.lind', 't.okafor', 'w.hahn', 'y.chen']
const SIGN_INS_PER_HOUR = 12
const FAILED = 0.04
const SHARED = ['@timestamp', 'event.category', 'event.outcome', 'user.name', 'source.ip', 'labels.trust_zone']

/** Sign-ins at the identity provider, in the Elastic Common Schema. */
const signIns: DemoIndex = {
  name: 'logs-keycloak.events-demo',
  since: Date.parse('2026-04-20T09:00:00Z'),
  observer: 'identity-provider',
  fields: SHARED,
  documents(hour) {
    const random = seededRandom(hour / HOUR_MS)
    const count = Math.floor(SIGN_INS_PER_HOUR * officeHours(hour) * (0.5 + random()) + random())
    return inOrder(
      Array.from({ length: count }, (_, number) => {
        const user = people[Math.floor(random() * people.length)] ?? ''
        const outcome = random() < FAILED ? 'failure' : 'success'
        const time = hour + Math.floor(random() * HOUR_MS)
        const address = `198.51.100.${20 + Math.floor(random() * 40)}`
        return documentOf(`keycloak-${hour / HOUR_MS}-${number}`, time, { outcome, user, address })
      }),
    )
  },
}

/** What the gateways wrote of failed sign-ins: the attack is in it, the rest is a few mistakes of people. */
const gateway: DemoIndex = {
  name: 'logs-openclaw.gateway-demo',
  since: BEGIN,
  observer: 'gateway',
  fields: SHARED,
  documents(hour) {
    const random = seededRandom(1_000_000 + hour / HOUR_MS)
    const mistakes = Math.floor(2 * officeHours(hour) * random() + random())
    const attempts = ATTACK.start >= hour && ATTACK.start < hour + HOUR_MS ? 412 : 0
    return inOrder([
      ...Array.from({ length: mistakes }, (_, number) => {
        const time = hour + Math.floor(random() * HOUR_MS)
        const address = `198.51.100.${20 + Math.floor(random() * 40)}`
        return documentOf(`openclaw-${hour / HOUR_MS}-${number}`, time, { outcome: 'failure', user: '', address })
      }),
      ...Array.from({ length: attempts }, (_, number) => {
        const time = ATTACK.start + Math.floor((number * 300_000) / attempts)
        return documentOf(`openclaw-attack-${number}`, time, { outcome: 'failure', user: '', address: ATTACKER })
      }),
    ])
  },
}

export const demoIndices: readonly DemoIndex[] = [signIns, gateway]

interface SignIn {
  readonly outcome: 'failure' | 'success'
  readonly user: string
  readonly address: string
}

const documentOf = (id: string, time: EpochMs, { outcome, user, address }: SignIn): DemoDocument => ({
  id,
  time,
  fields: {
    '@timestamp': time,
    'event.category': 'authentication',
    'event.outcome': outcome,
    ...(user === '' ? {} : { 'user.name': user }),
    'source.ip': address,
    'labels.trust_zone': 'agent-control',
  },
})

const inOrder = (documents: DemoDocument[]): readonly DemoDocument[] =>
  documents.sort((one, other) => one.time - other.time || (one.id < other.id ? -1 : 1))
