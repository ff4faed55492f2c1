import { describe, expect, it } from '@jest/globals'
import { seededRandom } from '../../../core/random.ts'
import { compileTrustZones, defaultZoneRules } from '../../../core/trust-zones.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import { AddressTrust } from '../../../exporter/pipeline/address.ts'
import { interpret } from '../../../exporter/pipeline/interpret.ts'
import { documentOf } from '../elasticsearch/openclaw-index.ts'
import { seriesName } from './series-name.ts'
import { type Line, storyNames, tell, zoneRules } from './stories.ts'

const time = Date.UTC(2026, 2, 2)
const how = {
  clock: { now: () => time },
  dispatcher: createDispatcher(dialects),
  zones: compileTrustZones([...zoneRules, ...defaultZoneRules]),
  authority: {
    auth_failures: 'file-log',
    auth_successes: 'security-event',
    auth_lockouts: 'file-log',
    posture_drifts: 'file-log',
    policy_decisions: 'file-log',
  },
  addresses: new AddressTrust([]),
} as const
const connection = '3f0c9a52-7a41-4a53-9d0e-52f0c1a7b001'

/** What the product makes of a line, in the words of a story. */
function understood({ text }: Line, gateway: string) {
  const body = documentOf(text(time), gateway, time)
  const read = interpret('logs', { id: '1', body }, how)
  if (read.kind !== 'event') return { role: 'alone', said: undefined }
  const {
    events: [event],
    claim,
  } = read
  const labels = { ...event.labels, gateway: event.gateway, trust_zone: event.trustZone }
  return {
    role: claim.pair?.role ?? 'alone',
    said: { series: seriesName(`clawtrust_${event.signal}_total`, labels), count: event.count },
  }
}

describe.each(storyNames)('the story "%s"', story => {
  it.each(['gw-0', 'gw-1'])('says by hand what its lines say to the product, at %s', gateway => {
    for (let seed = 0; seed < 30; seed++) {
      const lines = tell(story, { gateway, connection }, seededRandom(seed))
      expect(lines.map(line => understood(line, gateway))).toEqual(lines.map(({ role, said }) => ({ role, said })))
    }
  })
})
