import { describe, expect, it } from '@jest/globals'
import { formatPolicy } from '../../../policy/language/format.ts'
import { readPolicy } from '../../../policy/language/read.ts'
import { lintPolicy } from '../../../policy/review/lint.ts'
import { blowsUp } from '../../growth.ts'

const CHARACTERS = 60_000

/** What is repeated to a whole file. */
const parts: Readonly<Record<string, string>> = {
  'separators in one line': '[,=',
  'brackets that are not closed': '[',
  'lines that are none': 'a\n',
  'blocks that are empty': 'allow\n',
  'blocks without a name': 'zone\n',
  'values that continue': 'allow\nfrom: a,\n',
  'one word': 'a',
  'white space': ' ',
  'keys in one line': 'from: ',
  'joins in one line': 'and ',
  comments: '# a\n',
  'invisible characters': '\u200b',
  'characters of bidirectional text': '\u202e',
  'unknown names': 'list l\nmembers: zone=a, list=b\n',
  'one name': 'list l\nmembers: a.local\n',
  'unknown attributes': 'allow\nfrom: servce-identity=a\n',
  stars: 'allow\nfrom: service-identity=*****a\n',
  'addresses that are none': 'allow\nfrom: 1.1.1.1.1.1.1\n',
  reasons: 'reason: a: b: # \n',
  'rules that are the same': 'allow\nfrom: a.local\nto: b.local:1\n',
}

describe.each(Object.entries(parts))('a file of %s', (_, part) => {
  const inputOf = (length: number) => part.repeat(Math.ceil(length / part.length))

  it('takes time in proportion to its length', () => {
    const work = (text: string) => {
      formatPolicy(text)
      return readPolicy(text, 'test', 'text')
    }
    for (let round = 0; round < 3; round++) work(inputOf(CHARACTERS / 10))
    expect(blowsUp(inputOf, work, CHARACTERS)).toBe(false)
  })
})

it('is linted in time where its rules have long lists, of which not all are compared', () => {
  const list = Array.from({ length: 3_000 }, (_, index) => `host-${index}.local`)
  const lists = Array.from(
    { length: 8 },
    (_, index) => `list l${index}\nmembers: ${list.toSorted().slice(index).join(', ')}\n`,
  )
  const rules = Array.from(
    { length: 100 },
    (_, index) => `allow\nfrom: list=l${index % 8}\nto: list=l${(index + 3) % 8}:${index + 1}\n`,
  )
  const { policy, resolved, problems } = readPolicy(lists.join('') + rules.join(''), 'test', 'text')
  expect(problems).toEqual([])
  const before = process.cpuUsage()
  lintPolicy(policy, resolved, '2026-11-30')
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(20_000)
})
