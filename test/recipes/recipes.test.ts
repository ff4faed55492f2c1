import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { read } from '../structure/source-files.ts'
import { isReportOf, lintFindings, type Reported, runTests, typeErrors, unusedFindings } from './checks.ts'
import { Copy } from './copy.ts'
import { dialect } from './dialect.ts'
import { envelope } from './envelope.ts'
import { edited, type Failure, type Place, type TestFile } from './recipe.ts'
import { roundsOf } from './rounds.ts'
import { signal } from './signal.ts'
import { source } from './source.ts'
import { step } from './step.ts'
import { checksIn, isNamedBy, tablesOf } from './tables.ts'
import { target } from './target.ts'
import { template } from './template.ts'

/** For a program that checks a whole checkout. Milliseconds. */
const MINUTES = 600_000
/** A test that waits for what was forgotten waits in vain. Milliseconds. */
const SOON = 5_000

const recipes = [signal, dialect, envelope, source, step, template, target]

const tables = tablesOf(read('CONTRIBUTING.md'))
/** Recipes of parts that are not registered: what is forgotten is found in the part that is there. */
const followedElsewhere = ['Add a control', 'Add a subscriber or a persistent']
const headingOf = (kind: string) => `Add ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`

const places = recipes.flatMap(({ kind, member, rows }) =>
  rows.flatMap(({ forgotten, places }) => places.map(place => ({ kind, member, forgotten, place }))),
)

const isTest = (failure: Failure) => 'test' in failure
const failing = (is: (failure: Failure) => boolean) => places.filter(({ place }) => place.fails.some(is))

describe('the tables of forgotten places in CONTRIBUTING.md', () => {
  it('are followed here, one by one', () => {
    const followed = recipes.map(({ kind }) => headingOf(kind))
    expect([...tables.keys()].toSorted()).toEqual([...followed, ...followedElsewhere].toSorted())
  })

  it.each(recipes)('have for a new $kind the rows that are left out here', ({ kind, rows }) => {
    const table = tables.get(headingOf(kind)) ?? []
    expect(rows.map(({ forgotten }) => forgotten)).toEqual(table.map(({ forgotten }) => forgotten))
  })

  it.each(recipes.flatMap(({ kind, rows }) => rows.map(row => [kind, row.forgotten, row.places] as const)))(
    'name for a new %s, where %s is forgotten, the checks that are seen to fail here',
    (kind, forgotten, left) => {
      const cell = tables.get(headingOf(kind))?.find(row => row.forgotten === forgotten)?.fails ?? ''
      const named = checksIn(cell)
      const failures = left.flatMap(({ fails }) => fails)
      expect(failures.filter(failure => !named.some(check => isNamedBy(check, failure)))).toEqual([])
      expect(named.filter(check => !failures.some(failure => isNamedBy(check, failure)))).toEqual([])
    },
  )
})

it('an edit whose place is gone, or is there twice, is refused with the file that it is of', () => {
  const edit = { file: 'core/signals.ts', find: 'b', put: 'c' }
  expect(edited('a b', edit)).toBe('a c')
  expect(() => edited('a', edit)).toThrow('core/signals.ts holds 0 times, not once, what a recipe edits: "b".')
  expect(() => edited('b b', edit)).toThrow('core/signals.ts holds 2 times, not once')
})

describe('a copy of the checkout in which every recipe is followed', () => {
  let copy: Copy
  beforeAll(async () => {
    copy = new Copy(recipes)
    await copy.follow()
  }, MINUTES)
  afterAll(() => copy.remove())

  it(
    'compiles',
    async () => {
      expect(await typeErrors(copy.folder)).toEqual([])
    },
    MINUTES,
  )

  it(
    'has nothing that is not used',
    async () => {
      expect(await unusedFindings(copy.folder)).toEqual([])
    },
    MINUTES,
  )

  it(
    'is well formed',
    async () => {
      expect(await lintFindings(copy.folder, copy.written)).toEqual([])
    },
    MINUTES,
  )

  it(
    'passes the tests that the recipes name',
    async () => {
      const failures = places.flatMap(({ place }) => place.fails)
      const files = [...recipes.flatMap(({ passes }) => passes), ...testFilesOf(failures)]
      const titles = [...recipes.flatMap(({ called }) => called), ...titlesOf(failures)]
      const { passed, failed } = await runTests(copy.folder, files, titles)
      expect(failed).toEqual([])
      expect(passed).toBeGreaterThan(files.length)
    },
    MINUTES,
  )

  describe('but for one place', () => {
    const reported = new Map<Place, readonly Reported[]>()

    async function inRounds(those: typeof places, check: (round: typeof places) => Promise<readonly Reported[]>) {
      for (const round of roundsOf(those)) {
        copy.leaveOut(round.flatMap(({ place }) => place.omits))
        const reports = await check([...round])
        for (const { place } of round) reported.set(place, [...(reported.get(place) ?? []), ...reports])
      }
    }

    beforeAll(async () => {
      await inRounds(
        failing(({ check }) => check === 'types'),
        round => typeErrors(copy.folder, filesOf(round.flatMap(({ place }) => place.fails))),
      )
      await inRounds(
        failing(({ check }) => check === 'unused'),
        () => unusedFindings(copy.folder),
      )
      await inRounds(failing(isTest), async round => {
        const failures = round.flatMap(({ place }) => place.fails)
        const { failed } = await runTests(copy.folder, testFilesOf(failures), titlesOf(failures), SOON)
        return failed
      })
    }, MINUTES)

    it.each(places)('of a new $kind ($forgotten), fails by a check that names it', ({ place }) => {
      const reports = reported.get(place) ?? []
      const missing = place.fails.filter(failure => !reports.some(report => isReportOf(failure, report)))
      expect({ missing, reports: missing.length === 0 ? [] : reports }).toEqual({ missing: [], reports: [] })
    })
  })
})

function testFilesOf(failures: readonly Failure[]): TestFile[] {
  return [...new Set(failures.flatMap(failure => ('test' in failure ? [failure.check] : [])))]
}

/** Files that the type check names. */
function filesOf(failures: readonly Failure[]): string[] {
  return [...new Set(failures.flatMap(failure => (failure.check === 'types' ? [failure.file] : [])))]
}

function titlesOf(failures: readonly Failure[]): string[] {
  return [...new Set(failures.flatMap(failure => ('test' in failure && failure.test !== null ? [failure.test] : [])))]
}
