import { describe, expect, it } from '@jest/globals'
import { composeLine } from '../../../../../decoding/dialects/openclaw-log/compose-line.ts'
import { createDispatcher } from '../../../../../decoding/dispatch.ts'
import { dialects } from '../../../../../decoding/registry.ts'
import { realLines, summaryOf } from '../../../fixtures.ts'

const dispatcher = createDispatcher(dialects)
const decode = (body: string | undefined) => dispatcher.decode({ id: '1', body: body ?? '' }).decoding
const say = (text: string) =>
  decode(composeLine({ subsystem: 'gateway/ws', level: 'WARN', text, time: 1_000, host: 'gw-1' }))

const CONN = 'a76a4139-d8c2-4383-a708-e139f31a5408'
const unauthorized = (options: { client?: string; ua?: string; end: string }) =>
  say(
    `unauthorized conn=${CONN} peer=192.0.2.1:5->192.0.2.2:18789 remote=192.0.2.1 client=${options.client ?? 'cli'} cli v1 role=operator scopes=0 auth=token device=no platform=linux instance=n/a host=gw origin=n/a ua=${options.ua ?? 'n/a'} reason=${options.end}`,
  )

describe('an unauthorized line', () => {
  it('is the partner of the close that follows, by connection id', () => {
    expect(decode(realLines[13])).toMatchObject({
      claim: {
        labels: { mechanism: 'shared_secret', reason: 'token_mismatch' },
        actor: { peerAddress: '127.0.0.1' },
        origin: { port: 18_999 },
        pair: { key: CONN, role: 'partner' },
      },
    })
  })

  it('takes the reason that the gateway wrote, not one from a name or a header', () => {
    const forged = 'x reason=rate_limited guidance=no suppressed=99'
    const decoding = unauthorized({ client: forged, ua: forged, end: 'token_mismatch guidance=unauthorized: no' })
    expect(summaryOf(decoding)).toBe('auth_failures shared_secret token_mismatch')
  })

  it("is not believed when it was cut, for then the last reason can be anyone's", () => {
    const decoding = unauthorized({ end: `rate_limited${'x'.repeat(50)}...(truncated)` })
    expect(summaryOf(decoding)).toBe('undecoded truncated_message')
  })

  it('counts the repeats that stand at its end', () => {
    const decoding = unauthorized({ end: 'token_missing guidance=unauthorized: no suppressed=4' })
    expect(summaryOf(decoding)).toBe('auth_failures shared_secret token_missing x5')
  })

  it('is a lockout when the gateway was refusing whatever came', () => {
    expect(summaryOf(decode(realLines[37]))).toBe('auth_lockouts shared_secret')
  })
})

describe('a line about a failure beside its close', () => {
  it.each([
    ['protocol mismatch', realLines[26], realLines[27]],
    ['control ui build rejected', realLines[99], realLines[100]],
    ['scope upgrade', realLines[42], realLines[43]],
    ['role upgrade', realLines[44], realLines[45]],
    ['metadata upgrade', realLines[46], realLines[47]],
  ])('of a %s is its partner and decodes to the same', (_what, partner, leading) => {
    const [first, second] = [decode(partner), decode(leading)]
    expect(summaryOf(first)).toBe(summaryOf(second))
    expect(first).toMatchObject({ claim: { pair: { role: 'partner' } } })
    expect(second).toMatchObject({ claim: { pair: { role: 'leading' } } })
    const keys = [first, second].map(decoding => decoding.kind === 'claim' && decoding.claim.pair?.key)
    expect(keys[0]).toBe(keys[1])
  })

  it('gives the client address that the gateway resolved, where it has one', () => {
    expect(decode(realLines[42])).toMatchObject({ claim: { actor: { resolvedAddress: '203.0.113.77' } } })
  })
})
