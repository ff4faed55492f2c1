import { describe, expect, it } from '@jest/globals'
import { createPolicyRunner } from './run-policy.ts'
import { temporaryFolder } from './temporary-folder.ts'

const rules = `policy agents

zone a
  members: namespace=a

zone b
  members: namespace=b

allow a-to-b
  from: zone=a
  to: zone=b:443
  protocol: https
  condition: device-posture=trusted
`

const folder = temporaryFolder({
  'none.policy': rules,
  'right.policy': `${rules}\nexpect deny from zone=b to zone=a\nexpect unknown from zone=a to zone=b:443 protocol https\n`,
  'failing.policy': `${rules}\nexpect allow from zone=a to zone=b:443 protocol https\n`,
  'odd.policy': `${rules}\nexpect deny from service-identity=[<a> & "b" #1] to zone=a:1\nexpect allow from service-identity=[<a>] to zone=a:1\n`,
  'wrong.policy': `${rules}\nexpect maybe from zone=a to zone=b\n`,
  'rules.yml':
    'zones: [{ name: a, members: namespace=a }]\nexpectations: [{ expect: deny, from: zone=a, to: "zone=a:22" }]\n',
})

const policy = createPolicyRunner(folder)

describe('clawtrust policy test', () => {
  it('shows what holds, and of what fails its line and the rule that decided', async () => {
    expect(await policy('test', 'right.policy', 'failing.policy')).toEqual({
      code: 1,
      out: `right.policy
ok      15  expect deny from zone=b to zone=a
ok      16  expect unknown from zone=a to zone=b:443 protocol https
failing.policy
FAIL    15  expect allow from zone=a to zone=b:443 protocol https
failing.policy:15:1: error: expected allow; the answer is unknown, because rule a-to-b may allow it and depends on device-posture: zone=a and namespace=a to zone=b and namespace=b, tcp 443 [expectation-failed]
 15 | expect allow from zone=a to zone=b:443 protocol https
    | ^^^^^^^^^^^^
`,
      err: '1 of 3 expectations failed\n',
    })
  })

  it.each([
    [['right.policy'], 0],
    [['rules.yml'], 0],
    [['failing.policy'], 1],
    [['none.policy'], 1],
    [['wrong.policy', 'right.policy'], 2],
    [['nowhere.policy'], 2],
  ])('of %j ends with %i', async (files, code) => expect((await policy('test', ...files)).code).toBe(code))

  it('prints JUnit XML, in which no name is structure', async () => {
    const { out } = await policy('test', '--format', 'junit', 'odd.policy')
    expect(out).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="clawtrust policy test" tests="2" failures="1">
  <testsuite name="odd.policy" tests="2" failures="1">
    <testcase name="expect deny from service-identity=[&lt;a&gt; &amp; &quot;b&quot; #1] to zone=a:1" classname="agents" file="odd.policy" line="15"/>
    <testcase name="expect allow from service-identity=&lt;a&gt; to zone=a:1" classname="agents" file="odd.policy" line="16">
      <failure message="expected allow; no rule allows it: service-identity=&lt;a&gt; to zone=a and namespace=a, tcp 1 (and 2 more accesses)">odd.policy:16</failure>
    </testcase>
  </testsuite>
</testsuites>
`)
  })

  it('prints TAP, in which no name is a directive', async () => {
    const { out } = await policy('test', '--format', 'tap', 'odd.policy')
    expect(out.split('\n').slice(0, 4)).toEqual([
      'TAP version 14',
      '1..2',
      'ok 1 - odd.policy:15 expect deny from service-identity=[<a> & "b" \\#1] to zone=a:1',
      'not ok 2 - odd.policy:16 expect allow from service-identity=<a> to zone=a:1',
    ])
  })

  it('prints JSON', async () => {
    const { out } = await policy('test', '--format', 'json', 'rules.yml')
    expect(JSON.parse(out)).toEqual([
      {
        file: 'rules.yml',
        line: 2,
        column: 26,
        expectation: 'expect deny from zone=a to zone=a:22',
        passed: true,
        accesses: 3,
      },
    ])
  })
})

describe('clawtrust policy paths', () => {
  it('lists the moves with what lets them pass', async () => {
    expect(await policy('paths', '--from', 'a', 'right.policy')).toEqual({
      code: 0,
      out: 'From zone a, 1 move passes:\n  1. a -> b; tcp 443, by rule a-to-b; if device-posture=trusted\n',
      err: '',
    })
    expect((await policy('paths', '--from', 'b', 'right.policy')).out).toBe(
      'From zone b, no move passes.\n\nNot reached: a\n',
    )
  })

  it('fails with --to where a way leads there', async () => {
    expect((await policy('paths', '--from', 'b', '--to', 'a', 'right.policy')).code).toBe(0)
    const { code, err } = await policy('paths', '--from', 'a', '--to', 'b', 'right.policy')
    expect({ code, err }).toEqual({ code: 1, err: 'A way leads from zone a to zone b\n' })
  })

  it('refuses a zone that there is not, and a depth that is none', async () => {
    expect(await policy('paths', '--from', 'aa', 'right.policy')).toEqual({
      code: 2,
      out: '',
      err: 'right.policy has no zone "aa"; the policy has a, b\n',
    })
    expect((await policy('paths', 'right.policy')).err).toBe(
      'Name the zone that an attacker holds with --from; the policy has a, b\n',
    )
    expect((await policy('paths', '--from', 'a', '--depth', '0', 'right.policy')).code).toBe(2)
    expect((await policy('paths', '--from', 'a', 'wrong.policy')).code).toBe(2)
  })

  it('prints JSON', async () => {
    const { out } = await policy('paths', '--from', 'a', '--json', 'right.policy')
    expect(JSON.parse(out)).toMatchObject({
      from: 'a',
      passing: [{ step: 1, to: 'b', conditions: ['device-posture=trusted'] }],
    })
  })
})
