import { describe, expect, it } from '@jest/globals'
import { composeLine } from '../../../../../decoding/dialects/openclaw-log/compose-line.ts'
import { createDispatcher } from '../../../../../decoding/dispatch.ts'
import { dialects } from '../../../../../decoding/registry.ts'
import { summaryOf } from '../../../fixtures.ts'

const dispatcher = createDispatcher(dialects)
const IDS = 'conn=464460b0…18ba id=5b828077…81bd'

function failed(result: string): string {
  const text = `⇄ res ✗ ${result} ${IDS}`
  const body = composeLine({ subsystem: 'gateway/ws', level: 'INFO', text, time: 1_000, host: 'gw-1' })
  return summaryOf(dispatcher.decode({ id: '1', body }).decoding)
}

describe('the result of a call that failed', () => {
  it.each([
    [
      'config.get 1ms errorCode=FORBIDDEN errorMessage=missing scope: operator.admin',
      'policy_decisions openclaw-rpc missing_scope deny',
    ],
    [
      'config.get errorCode=FORBIDDEN errorMessage=missing scope: operator.admin',
      'policy_decisions openclaw-rpc missing_scope deny',
    ],
    ['config.patch 1ms errorCode=INVALID_REQUEST errorMessage=config changed since last load', 'no_signal'],
    [
      'config.patch 1ms errorCode=UNAVAILABLE errorMessage=rate limit exceeded for config.patch; retry after 50s',
      'no_signal',
    ],
    ['nope 1ms errorCode=INVALID_REQUEST errorMessage=unknown method: missing scope: x', 'no_signal'],
    ['nope 1ms errorCode=INVALID_REQUEST errorMessage=missing scope: x', 'no_signal'],
  ])('%s is %s', (result, expected) => {
    expect(failed(result)).toBe(expected)
  })

  it('counts the answers that the flood guard held back, from where the gateway writes them', () => {
    const flood = 'x 1ms errorCode=INVALID_REQUEST errorMessage=unauthorized role: node'
    expect(failed(`${flood} unauthorizedCount=100 suppressedUnauthorizedResponses=89`)).toBe(
      'policy_decisions openclaw-rpc unauthorized_role deny x90',
    )
    expect(failed(`${flood} suppressedUnauthorizedResponses=89 and more`)).toBe(
      'policy_decisions openclaw-rpc unauthorized_role deny',
    )
  })
})
