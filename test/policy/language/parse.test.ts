import { describe, expect, it } from '@jest/globals'
import { parsePolicy } from '../../../policy/language/parse.ts'

const article = `allow
  from: service-identity=agent-controller
  to: api.openclaw.local:443
  protocol: https
  condition: device-posture=trusted
`

/** A value without its places. */
const bare = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === 'at' ? undefined : inner)))

const read = (text: string) => parsePolicy(text, 'test')

describe('a rule', () => {
  it('is read in the form of the article', () => {
    const { policy, problems } = read(article)
    expect(problems).toEqual([])
    expect(bare(policy.rules)).toEqual([
      {
        name: 'rule-1',
        from: [{ terms: [{ kind: 'service-identity', name: 'agent-controller' }] }],
        to: [{ terms: [{ kind: 'host', name: 'api.openclaw.local' }], ports: [{ first: 443, last: 443 }] }],
        protocols: ['https'],
        conditions: [{ kind: 'device-posture', is: ['trusted'] }],
      },
    ])
  })

  it.each([
    ['on one line', article.replaceAll('\n', ' ').replaceAll('  ', ' ')],
    ['without indentation', article.replace(/^ +/gm, '')],
    ['with its first property beside the keyword', article.replace('allow\n ', 'allow')],
    ['with ends of lines of Windows', article.replaceAll('\n', '\r\n')],
    ['with comments', article.replaceAll('\n', ' # a comment\n# another one\n')],
    ['with tabs', article.replaceAll('  ', '\t')],
    ['without colons behind its keys', article.replace(/^( +[a-z]+):/gm, '$1')],
    ['after a byte order mark', `\ufeff${article}`],
  ])('is the same %s', (_, text) => {
    const { policy, problems } = read(text)
    expect(problems).toEqual([])
    expect(bare(policy)).toEqual(bare(read(article).policy))
  })

  it('is the same with hyphens and white space of typography, with warnings of the hyphens', () => {
    const { policy, problems } = read(article.replaceAll('-', '\u2011').replaceAll('  ', '\u00a0 '))
    expect(problems.map(({ kind, level, suggestion }) => [kind, level, suggestion])).toEqual([
      ['typographic-hyphen', 'warning', 'service-identity'],
      ['typographic-hyphen', 'warning', 'agent-controller'],
      ['typographic-hyphen', 'warning', 'device-posture'],
    ])
    expect(bare(policy)).toEqual(bare(read(article).policy))
  })
})
