import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type PlainServer, plainServer } from '../elasticsearch/plain-server.ts'
import { parseCase } from './case.ts'
import { groundOf } from './ground.ts'
import { playRounds, REPLAY, timed } from './rounds.ts'

/** Of the random rounds; a failure takes longer, because it is made smaller. */
const LIMIT_MS = 60_000
const SHRINK_MS = 120_000
/** Rounds that are played at once: they mostly wait. */
const AT_ONCE = 2
const SEED = 11

let server: PlainServer
beforeAll(async () => {
  server = await plainServer()
}, 180_000)
afterAll(() => server.stop())

const say = (sentence: string) => void process.stderr.write(`${sentence}\n`)

/** Cases that were counted wrongly once. */
const found = [
  [
    'more connections than were once remembered, read at once and in no order',
    '{"seed":1,"profile":"flood","connections":[[0,109322]],"actions":[[0,4]],"replicas":1}',
  ],
] as const

const replay = process.env[REPLAY]

if (replay === undefined) {
  describe('two exporters that read one Elasticsearch', () => {
    it.each(found)(
      'count the truth of %s',
      async (name, text) => {
        expect(await timed(parseCase(text), groundOf(server), name, say)).toEqual([])
      },
      240_000,
    )

    it('count the truth of every random round, and no exposed counter ever falls', async () => {
      const profiles = ['everyday', 'everyday', 'backlog', 'apart', 'rewritten', 'young', 'beyond'] as const
      const limits = { rounds: 100, limitMs: LIMIT_MS, shrinkMs: SHRINK_MS }
      const seeds = Array.from({ length: AT_ONCE }, (_, number) => SEED + number)
      const played = await Promise.all(
        seeds.map(seed => playRounds({ ground: groundOf(server), profiles, seed, ...limits, say })),
      )
      expect(played.flatMap(({ failure }) => failure ?? [])).toEqual([])
      expect(Math.min(...played.map(({ rounds }) => rounds))).toBeGreaterThan(0)
    }, 400_000)
  })
} else {
  it('counts the truth of the case in the environment', async () => {
    expect(await timed(parseCase(replay), groundOf(server), 'replay', say)).toEqual([])
  }, 600_000)
}
