import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Case } from './case.ts'
import { caseOf } from './case-arbitrary.ts'
import { type Connection, connectionOf, connectionsOf, type Document, HISTORY } from './documents.ts'
import { type ProfileName, profileNames, profileOf } from './profiles.ts'
import { historyEnd, type Settings, SURE, settingsOf } from './settings.ts'

/** Those that are drawn in a moment. */
const small = profileNames.filter(name => profileOf(name).connections[1] < 1_000)
const seeds = { numRuns: 40 }

const cases = fc.tuple(fc.nat(), fc.constantFrom<ProfileName>(...small)).map(([seed, profile]) => caseOf(seed, profile))

function drawn(round: Case) {
  const settings = settingsOf(round)
  return { settings, connections: [...connectionsOf(round, settings)] }
}

const plain = ({ lines, ...rest }: Connection) => ({ ...rest, said: lines.map(({ said }) => said) })
const timeOf = ({ phases }: Settings, { phase }: Document) => phases[phase]?.time ?? Number.NEGATIVE_INFINITY

describe('the connections of a case', () => {
  it('are each the same whatever others are left out', () => {
    fc.assert(
      fc.property(cases, round => {
        const { settings, connections } = drawn(round)
        for (const connection of connections.slice(0, 50)) {
          expect(plain(connectionOf(round.seed, connection.number, settings))).toEqual(plain(connection))
        }
      }),
      seeds,
    )
  })

  it('have no live stamp and no live event before the first start, and none of history after it', () => {
    fc.assert(
      fc.property(cases, round => {
        const { settings, connections } = drawn(round)
        for (const { age, eventTime, documents } of connections) {
          const stamps = documents.map(({ stamp }) => stamp)
          if (age === 'live') expect(Math.min(eventTime, ...stamps)).toBeGreaterThanOrEqual(settings.liveFrom)
          if (age === 'history') expect(Math.max(eventTime, ...stamps)).toBeLessThanOrEqual(historyEnd(settings))
          if (age === 'backfill') expect(eventTime).toBeLessThan(settings.start - settings.maxSkew)
          expect(documents.every(({ phase }) => (phase === HISTORY) === (age === 'history'))).toBe(true)
        }
      }),
      seeds,
    )
  })

  it('never write one id twice into one index, but in place of what is there', () => {
    fc.assert(
      fc.property(cases, round => {
        const { connections } = drawn(round)
        const written = Map.groupBy(
          connections.flatMap(({ documents }) => documents),
          ({ index, id }) => `${index} ${id}`,
        )
        for (const documents of written.values()) {
          const [first, ...others] = documents.sort((a, b) => a.phase - b.phase || a.part - b.part)
          expect(first?.replaces).toBe(false)
          expect(others.every(({ replaces }) => replaces)).toBe(true)
          expect(others.every(({ phase, part }) => phase > (first?.phase ?? 0) || part > (first?.part ?? 0))).toBe(true)
          expect(new Set(documents.map(({ connection, line }) => `${connection} ${line}`)).size).toBe(1)
        }
      }),
      seeds,
    )
  })

  it('are written again, and their second lines, while they must be known; only what is named comes later', () => {
    fc.assert(
      fc.property(cases, round => {
        const { settings, connections } = drawn(round)
        for (const { documents, age } of connections) {
          if (age !== 'live' || documents.length < 2) continue
          const times = documents.flatMap(document => [
            Math.min(document.stamp, timeOf(settings, document)),
            timeOf(settings, document),
          ])
          expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(SURE * settings.horizon)
        }
      }),
      seeds,
    )
  })

  it('meet every fate that their profile names', () => {
    const seen = { replaced: 0, farAhead: 0, late: 0, sameId: 0 }
    for (let seed = 0; seed < 10; seed++) {
      const { settings, connections } = drawn({ ...caseOf(seed, 'everyday'), connections: [[0, 500]] })
      const documents = connections.flatMap(connection => connection.documents)
      const others = new Set(documents.filter(({ index }) => index === 'other-000001').map(({ id }) => id))
      for (const document of documents) {
        const ahead = document.stamp - timeOf(settings, document)
        if (document.replaces) seen.replaced += 1
        if (ahead > settings.maxSkew) seen.farAhead += 1
        if (ahead < -150_000) seen.late += 1
        if (document.index !== 'other-000001' && others.has(document.id)) seen.sameId += 1
      }
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20)
  })
})
