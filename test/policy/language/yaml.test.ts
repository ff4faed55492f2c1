import { describe, expect, it } from '@jest/globals'
import { parsePolicy, parsePolicyYaml } from '../../../policy/language/parse.ts'
import { Places } from '../../../policy/language/problem-text.ts'
import { bare } from './arbitrary.ts'

const problemsOf = (text: string): readonly string[] => {
  const places = new Places(text)
  return parsePolicyYaml(text, 'test').problems.map(({ level, message, at }) => {
    const { line, column } = places.at(at.from)
    return `${line}:${column} ${level}: ${message}`
  })
}

describe('a policy in YAML', () => {
  it('is the same as in the text form', () => {
    const yaml = `
policy: agents
time-zone: Europe/Berlin
zones:
  - name: control
    members: namespace=openclaw and service-identity=controller, namespace=ui
rules:
  - name: to-api
    from: [zone=control, 10.0.0.0/8]
    to: ['api.openclaw.local:443', "[2001:db8::1]:443"]
    protocol: https
    condition:
      - device-posture=trusted
      - weekday=mon-fri and time=08:00-18:00
    expires: 2027-03-31
    reason: >-
      needed
roles:
  - name: hunt
    identities: hunter-*
    may: [read:logs, read:alerts]
expectations:
  - expect: deny
    from: any
    to: api.openclaw.local
`
    const text = `policy agents
  time-zone: Europe/Berlin
zone control
  members: namespace=openclaw and service-identity=controller, namespace=ui
allow to-api
  from: zone=control, 10.0.0.0/8
  to: api.openclaw.local:443, [2001:db8::1]:443
  protocol: https
  condition: device-posture=trusted and weekday=mon-fri and time=08:00-18:00
  expires: 2027-03-31
  reason: needed
role hunt
  identities: hunter-*
  may: read:logs, read:alerts
expect deny from any to api.openclaw.local
`
    const read = parsePolicyYaml(yaml, 'test')
    expect(read.problems).toEqual([])
    expect(bare(read.policy)).toEqual(bare(parsePolicy(text, 'test').policy))
  })

  it('has no rules where its lists are empty', () => {
    expect(problemsOf('policy: agents\nzones:\nrules: []\n')).toEqual([])
  })

  it.each([
    [
      '- allow',
      '1:1 error: a policy in YAML is a map with the keys policy, time-zone, identity-label, zones, lists, rules, roles, expectations',
    ],
    ['rule: []', '1:1 error: "rule" is no key of a policy; did you mean "rules"?'],
    ['rules: { name: a }', '1:1 error: rules is a list; begin each rule with a dash (- )'],
    [
      'rules: [a]',
      '1:9 error: each item of rules is a map with the keys name, from, to, protocol, condition, owner, expires, reason',
    ],
    [
      'rules: [{ from: any, to: any, members: any }]',
      '1:31 error: "members" is no key of allow; known are name, from, to, protocol, condition, owner, expires, reason',
    ],
    ['rules: [{ from: any, to: any, from: any }]', '1:31 error: from is already set above; remove one of the two'],
    ['rules: [{ from: any }]', '1:11 error: allow has no to; add for instance "to: api.openclaw.local:443"'],
    ['rules: [{ from: any, to: }]', '1:22 error: to has no value; write one, or remove the key'],
    [
      'rules: [{ from: any, to: { a: b } }]',
      '1:26 error: a map is not expected here; write a text, in quotes if it contains a colon and a space',
    ],
    [
      'rules: [{ from: *a, to: any }]',
      '1:17 error: this is a YAML alias (*…); put a value that begins with a star in quotes',
    ],
    ['zones: [{ members: any }]', '1:11 error: this zone has no name; add it'],
    ['policy: [a, b]', '1:10 error: policy is one word'],
    [
      "rules: [{ from: 'a.local, 10.0.0', to: any }]",
      '1:27 error: "10.0.0" has 3 numbers; an address has four numbers from 0 to 255, as in 10.0.0.5, and a network a prefix too, as in 10.0.0.0/8',
    ],
    [
      "rules: [{ from: 'a b', to: any }]",
      '1:20 error: b is not expected here; separate alternatives of from with a comma, and join what must all hold with "and"',
    ],
    [
      'rules: [{ from: "a\\u0020b", to: any }]',
      '1:17 error: b is not expected here; separate alternatives of from with a comma, and join what must all hold with "and"',
    ],
    [
      'rules: [{ from: any, to: any, reason: "a # b" }]',
      '1:40 error: a reason is one line without " #", which begins a comment in the text form; write it so',
    ],
    [
      'rules: [{ from: "any\\nto: any", to: any }]',
      '1:17 error: from has more than its value here; write each property with a key of its own',
    ],
    ['rules:\n\t- a', '2:1 error: this line is indented with a tab; indent it with spaces'],
  ])('is refused with a place and what to write: %j', (text, problem) => {
    expect(problemsOf(text)).toContain(problem)
  })

  it('is refused above 1 Mi characters, which would take seconds', () => {
    expect(problemsOf(`# ${'x'.repeat(1_100_000)}`)).toEqual([
      '1:1 error: a policy in YAML has at most 1 Mi characters; write a larger one in the text form',
    ])
  })
})
