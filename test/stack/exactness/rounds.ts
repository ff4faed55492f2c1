import fc from 'fast-check'
import { type Case, sizeOf } from './case.ts'
import { CaseArbitrary } from './case-arbitrary.ts'
import { type Ground, play } from './play.ts'
import type { ProfileName } from './profiles.ts'
import { planOf } from './schedule.ts'

/** Variable of the environment with one case, as a failure prints it: only that is played. */
export const REPLAY = 'EXACTNESS_CASE'

export interface Rounds {
  readonly ground: Ground
  readonly profiles: readonly ProfileName[]
  readonly seed: number
  /** Most rounds. */
  readonly rounds: number
  /** No round begins after so long, milliseconds. */
  readonly limitMs: number
  /** How long a failing case is made smaller, milliseconds. */
  readonly shrinkMs: number
  /** Told of every round. */
  readonly say: (sentence: string) => void
}

export interface Played {
  readonly rounds: number
  /** What to read, and how to play it again; undefined where all rounds were true. */
  readonly failure: string | undefined
}

/** Plays random rounds until one fails or time is up; a failing one is played again with ever less in it. */
export async function playRounds({ ground, profiles, seed, rounds, limitMs, shrinkMs, say }: Rounds): Promise<Played> {
  let end = performance.now() + limitMs
  let played = 0
  let hasFailed = false
  const property = fc.asyncProperty(new CaseArbitrary(profiles), async round => {
    if (performance.now() > end) return
    if (!hasFailed) played += 1
    const problems = await timed(round, ground, hasFailed ? 'smaller' : `round ${played}`, say)
    if (problems.length === 0) return
    if (!hasFailed) end = performance.now() + shrinkMs
    hasFailed = true
    throw new Error(problems.join('\n'))
  })
  const details = await fc.check(property, { seed, numRuns: rounds })
  if (!details.failed) return { rounds: played, failure: undefined }
  const [smallest] = details.counterexample ?? []
  return { rounds: played, failure: report(smallest as Case, details) }
}

/** Plays one case and tells of it; gives what was not the truth. */
export async function timed(
  round: Case,
  ground: Ground,
  name: string,
  say: (sentence: string) => void,
): Promise<readonly string[]> {
  const plan = planOf(round)
  const began = performance.now()
  const problems = await play(plan, ground)
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  const documents = plan.connections.reduce((sum, connection) => sum + connection.documents.length, 0)
  const size = `${sizeOf(round.connections)} connections, ${documents} documents, ${sizeOf(round.actions)} actions`
  const end = problems.length === 0 ? 'exact' : `${problems.length} faults, the first: ${problems[0]?.split('\n')[0]}`
  say(`${name}: ${round.profile}, seed ${round.seed}, ${size}, ${seconds} s: ${end}`)
  return problems
}

function report(smallest: Case, { seed, counterexamplePath, errorInstance }: fc.RunDetails<[Case]>): string {
  const problems = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return [
    `seed ${seed}, path ${counterexamplePath}; the smallest case that failed:`,
    `${REPLAY}='${JSON.stringify(smallest)}'`,
    problems,
  ].join('\n')
}
