/**
 * `node test/stack/exactness/main.ts [MINUTES [SEED [PROFILE...]]]`: plays random rounds for so long (default: 60 minutes)
 * and prints each with its seed. `EXACTNESS_CASE` plays one case instead. Elasticsearch is started, or the one of ES_URL
 * is taken.
 */
import { randomInt } from 'node:crypto'
import { plainServer } from '../elasticsearch/plain-server.ts'
import { endSharedElasticsearch } from '../elasticsearch/servers/shared.ts'
import { parseCase } from './case.ts'
import { groundOf } from './ground.ts'
import { type ProfileName, profileNames } from './profiles.ts'
import { playRounds, REPLAY, timed } from './rounds.ts'

const [minutes = '60', seed = String(randomInt(2 ** 30)), ...named] = process.argv.slice(2)
const profiles = named.length === 0 ? profileNames : profileNames.filter(name => named.includes(name))
const say = (sentence: string) => void process.stdout.write(`${sentence}\n`)

const server = await plainServer()
const ground = groundOf(server)
try {
  process.exitCode = await (process.env[REPLAY] === undefined ? playFor(profiles) : replay(process.env[REPLAY]))
} finally {
  await server.stop()
  await endSharedElasticsearch()
}

async function replay(text: string): Promise<number> {
  const problems = await timed(parseCase(text), ground, 'replay', say)
  for (const problem of problems) say(problem)
  return problems.length === 0 ? 0 : 1
}

async function playFor(among: readonly ProfileName[]): Promise<number> {
  say(`seed ${seed}, ${minutes} minutes`)
  const played = await playRounds({
    ground,
    profiles: among,
    seed: Number(seed),
    rounds: 1_000_000,
    limitMs: Number(minutes) * 60_000,
    shrinkMs: 10 * 60_000,
    say,
  })
  say(played.failure ?? `all of ${played.rounds} rounds were exact`)
  return played.failure === undefined ? 0 : 1
}
