import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatPolicy } from '../../../policy/language/format.ts'
import { parsePolicy } from '../../../policy/language/parse.ts'
import { bare } from './arbitrary.ts'

const format = (text: string): string => {
  const formatted = formatPolicy(text)
  if (!formatted.ok) throw new Error(formatted.problems.map(({ message }) => message).join('\n'))
  return formatted.text
}

describe('a formatted policy', () => {
  it('has one layout, with every comment where it was', () => {
    const written = `

# of the file
policy agents                # of the policy
  time-zone:   Europe/Berlin


  # of the label
  identity\u2011label: app.kubernetes.io/name
zone agent-control
  members: namespace=openclaw and service-identity = agent-controller  ,namespace=openclaw-ui
  # zone=none
# of analytics
zone analytics members: namespace=analytics # behind


# a section

# of the list
list model-apis
  members: api.anthropic.com, # the first
    # of the second
     *.openai.azure.com,
     10.20.0.0/16
allow from: service\u2011identity=agent-controller to: api.openclaw.local:443 # in the middle
  protocol: https
  reason: the agents \u2013 all of them   # behind the reason
role threat-hunt may read:logs, read:alerts identities hunter-*
expect deny from zone=analytics to api.openclaw.local:443
expect allow
 from: zone=analytics
 to: api.openclaw.local:443 # a test
# the end`
    expect(format(written)).toBe(`# of the file
policy agents # of the policy
  time-zone: Europe/Berlin

  # of the label
  identity-label: app.kubernetes.io/name

zone agent-control
  members: namespace=openclaw and service-identity=agent-controller, namespace=openclaw-ui
  # zone=none

# of analytics
zone analytics
  members: namespace=analytics # behind

# a section

# of the list
list model-apis
  members: api.anthropic.com, # the first
    # of the second
    *.openai.azure.com,
    10.20.0.0/16

allow
  from: service-identity=agent-controller
  to: api.openclaw.local:443 # in the middle
  protocol: https
  reason: the agents \u2013 all of them # behind the reason

role threat-hunt
  may: read:logs, read:alerts
  identities: hunter-*

expect deny from zone=analytics to api.openclaw.local:443
expect allow from zone=analytics to api.openclaw.local:443 # a test
# the end
`)
  })

  it('has a line for each alternative where one line would be too long', () => {
    const names = Array.from({ length: 8 }, (_, index) => `name-of-host-${index}.example.com`)
    expect(format(`list l members: ${names.join(',')}`)).toBe(`list l\n  members: ${names.join(',\n    ')}\n`)
  })

  it('is nothing where the policy has an error', () => {
    expect(formatPolicy('alow from: any')).toMatchObject({ ok: false, problems: [{ kind: 'syntax' }] })
  })

  it('has the same meaning and comments, and stays as it is when it is formatted again', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), more => {
        const text = ['allow', ...more].join('\n')
        const once = formatPolicy(text)
        if (!once.ok) return
        expect(bare(parsePolicy(once.text, 'test').policy)).toEqual(bare(parsePolicy(text, 'test').policy))
        expect(comments(once.text)).toEqual(comments(text))
        expect(format(once.text)).toBe(once.text)
      }),
      { numRuns: 400 },
    )
  })
})

const comments = (text: string): readonly string[] => [...text.matchAll(/#\d+/g)].map(([comment]) => comment)

const gap = fc.constantFrom(' ', '  ', '\t')
const comment = fc.option(
  fc.integer({ min: 0, max: 99 }).map(number => `#${number}`),
  { nil: '' },
)
const value = fc.constantFrom('any', 'zone=z', 'a.local', 'label:app=x', 'namespace = n')
const values = fc
  .array(fc.tuple(value, fc.constantFrom(',', ' , ', ',\n  ', ', #1\n', ' and ', ' and\n#2\n   ')), { maxLength: 3 })
  .chain(more => value.map(last => more.map(([one, separator]) => one + separator).join('') + last))
const property = fc.oneof(
  fc.tuple(fc.constantFrom('from', 'to', 'members'), fc.constantFrom(': ', ' '), values).map(parts => parts.join('')),
  fc.constantFrom(
    'protocol: https,tcp',
    'reason: a  b',
    'owner me',
    'condition: time=08:00-09:00 and\n weekday=mon, tue',
  ),
)
/** Lines of policies in any layout; most of them follow each other in a policy without errors of syntax. */
const line = fc
  .tuple(
    fc.constantFrom('', ' ', '    '),
    fc.oneof(
      fc.constantFrom('', 'allow', 'allow x', 'zone z', 'list l', 'expect deny', 'policy p'),
      property,
      fc.tuple(fc.constantFrom('allow ', 'zone y ', 'expect allow '), property).map(parts => parts.join('')),
    ),
    gap,
    comment,
  )
  .map(parts => parts.join(''))
