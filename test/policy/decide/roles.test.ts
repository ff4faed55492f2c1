import { describe, expect, it } from '@jest/globals'
import { createRoleEvaluator } from '../../../policy/decide/roles.ts'
import { readPolicy } from '../../../policy/language/read.ts'

const { resolved, problems } = readPolicy(
  `policy roles
  time-zone: Europe/Berlin
role threat-hunt may: read:logs, read:alerts
  identities: service-account-threat-hunt, hunter-*
role responder
  identities: hunter-9, responder
  may: read:logs, execute:*
  condition: device-posture=trusted and network=10.0.0.0/8
role day
  identities: clerk
  may: read:*
  condition: time=08:00-18:00 and weekday=mon-fri and authentication=mutual
`,
  'test',
  'text',
)

const decide = createRoleEvaluator(resolved)

/** A Monday, 08:00 in Berlin. */
const monday = Date.UTC(2026, 10, 30, 7)

describe('the roles of a policy', () => {
  it('are read without problems', () => expect(problems).toEqual([]))

  it.each([
    [{ identity: 'hunter-1', scope: 'read:logs' }, 'allow', 'threat-hunt', []],
    [{ identity: 'hunter-1', scope: 'execute:playbooks' }, 'deny', 'threat-hunt', []],
    // The first role that names it is the only one.
    [{ identity: 'hunter-9', scope: 'execute:playbooks' }, 'deny', 'threat-hunt', []],
    [{ identity: 'other', scope: 'read:logs' }, 'deny', undefined, []],
    [{ scope: 'read:logs' }, 'unknown', undefined, ['source.identity']],
    [{ scope: 'delete:logs' }, 'deny', undefined, []],
    [{ identity: 'responder', scope: 'execute:x' }, 'unknown', 'responder', ['source.address', 'device-posture']],
    [{ identity: 'responder', scope: 'execute:x', address: '10.1.2.3' }, 'unknown', 'responder', ['device-posture']],
    [{ identity: 'responder', scope: 'execute:x', address: '192.0.2.1' }, 'deny', 'responder', []],
    [
      { identity: 'responder', scope: 'execute:x', address: '10.1.2.3', devicePosture: 'trusted' },
      'allow',
      'responder',
      [],
    ],
    [{ identity: 'responder', scope: 'execute:x', devicePosture: 'untrusted' }, 'deny', 'responder', []],
    [{ identity: 'clerk', scope: 'read:x', time: monday, isMutuallyAuthenticated: true }, 'allow', 'day', []],
    [{ identity: 'clerk', scope: 'read:x', time: monday - 60_000, isMutuallyAuthenticated: true }, 'deny', 'day', []],
    [{ identity: 'clerk', scope: 'read:x', time: monday }, 'unknown', 'day', ['authentication']],
    [{ identity: 'clerk', scope: 'read:x' }, 'unknown', 'day', ['time', 'authentication']],
  ] as const)('answer %j with %s', (request, answer, role, missing) => {
    expect(decide(request)).toEqual({ answer, missing, ...(role !== undefined && { role }) })
  })
})
