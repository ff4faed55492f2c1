import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { caseOf } from './case-arbitrary.ts'
import { sightingsOf } from './oracle.ts'
import { type ProfileName, profileNames, profileOf } from './profiles.ts'
import { planOf, type Step } from './schedule.ts'

const small = profileNames.filter(name => profileOf(name).connections[1] < 1_000)
const cases = fc.tuple(fc.nat(), fc.constantFrom<ProfileName>(...small)).map(([seed, profile]) => caseOf(seed, profile))
const runs = { numRuns: 40 }

const isAction = ({ kind }: Step) => !['clock', 'write', 'refresh'].includes(kind)
const isOf = (step: Step, index: string) => 'index' in step && step.index === index
const writtenOf = (steps: readonly Step[]) => steps.flatMap(step => (step.kind === 'write' ? step.documents : []))

describe('the plan of a round', () => {
  it('writes every document once, in the order of its phases', () => {
    fc.assert(
      fc.property(cases, round => {
        const { connections, history, steps } = planOf(round)
        const documents = connections.flatMap(connection => connection.documents)
        const written = [...history, ...writtenOf(steps)]
        expect(written.length).toBe(documents.length)
        expect(new Set(written)).toEqual(new Set(documents))
        const phases = writtenOf(steps).map(({ phase }) => phase)
        expect(phases).toEqual(phases.toSorted((a, b) => a - b))
      }),
      runs,
    )
  })

  it('never sets the clock back', () => {
    fc.assert(
      fc.property(cases, round => {
        const { steps, settings } = planOf(round)
        const times = steps.flatMap(step => (step.kind === 'clock' ? [step.to] : []))
        expect([settings.start, ...times].toSorted((a, b) => a - b)).toEqual([settings.start, ...times])
      }),
      runs,
    )
  })

  it('leaves out the actions that a case leaves out, and nothing else', () => {
    fc.assert(
      fc.property(cases, fc.nat(), (round, number) => {
        const all = planOf(round).steps
        const left = planOf({ ...round, actions: [[number, number + 3]] }).steps
        expect(left.filter(step => !isAction(step))).toEqual(all.filter(step => !isAction(step)))
        expect(left.filter(isAction)).toEqual(all.filter(isAction).slice(number, number + 3))
      }),
      runs,
    )
  })

  it('makes a document visible by the first refresh after it is written, of a held index by its release', () => {
    fc.assert(
      fc.property(cases, round => {
        const plan = planOf(round)
        for (const { document, written, visible } of sightingsOf(plan).values()) {
          if (written < 0) continue
          const isHeldAt = (number: number) =>
            plan.steps.slice(0, number).findLast(step => isOf(step, document.index))?.kind === 'hold'
          const shows = plan.steps.findIndex(
            (step, number) =>
              number > written &&
              (isHeldAt(number) ? step.kind === 'release' && isOf(step, document.index) : step.kind === 'refresh'),
          )
          expect(visible).toBe(shows === -1 ? plan.steps.length : shows)
        }
      }),
      runs,
    )
  })
})
