import { expect, it } from '@jest/globals'
import { parsePolicy } from '../../../policy/language/parse.ts'
import { resolvePolicy } from '../../../policy/language/resolve.ts'

const resolve = (text: string) => resolvePolicy(parsePolicy(text, 'test').policy)
const messages = (text: string) => resolve(text).problems.map(({ kind, message }) => `${kind}: ${message}`)

it('expands lists of lists, also within what must all hold', () => {
  const { policy, problems } = resolve(`
list inner
  members: a.local, b.local
list outer
  members: list=inner, 10.0.0.0/8
allow
  from: list=outer and namespace=openclaw
  to: list=inner:443
`)
  expect(problems).toEqual([])
  const namespace = { kind: 'namespace', name: 'openclaw' }
  expect(policy.rules[0]?.from).toEqual([
    [{ kind: 'host', name: 'a.local' }, namespace],
    [{ kind: 'host', name: 'b.local' }, namespace],
    [{ kind: 'network', cidr: '10.0.0.0/8' }, namespace],
  ])
  expect(policy.rules[0]?.to.map(({ terms }) => terms)).toEqual([
    [{ kind: 'host', name: 'a.local' }],
    [{ kind: 'host', name: 'b.local' }],
  ])
})

it.each([
  ['zone z\nmembers: any\nallow from: zone=y to: any', 'unknown-zone: there is no zone "y"; there are z'],
  ['list l\nmembers: list=l', 'recursive-list: this list is a member of itself (l > l); remove one of these members'],
])('refuses %j', (text, message) => {
  expect(messages(text)).toEqual([message])
})
