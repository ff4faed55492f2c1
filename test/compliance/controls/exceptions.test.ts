import { describe, expect, it } from '@jest/globals'
import {
  type Exception,
  exceptionOf,
  exceptionSchema,
  isInForce,
  isTooLong,
  settleExceptions,
} from '../../../compliance/controls/exceptions.ts'
import { DAY_MS } from '../../../core/clock.ts'
import { parseConfig } from '../../../core/config/parse.ts'
import { formatProblem } from '../../../core/config/problem.ts'
import { NOVEMBER } from './judged.ts'

const exception = (changes: Partial<Exception> = {}): Exception => ({
  control: 'nist-sp-800-53/AC-7',
  owner: 'Head of platform',
  reason: 'Lab without users',
  expires: '2026-12-31',
  ...changes,
})

describe('an exception', () => {
  it.each([
    ['2026-11-29', false],
    ['2026-11-30', true],
    ['2026-12-01', true],
  ])('that expires on %s is in force for November: %s', (expires, inForce) => {
    expect(isInForce(exception({ expires }), NOVEMBER)).toBe(inForce)
  })

  it.each([
    ['2027-11-30', false],
    ['2027-12-01', false],
    ['2027-12-02', true],
    ['9999-12-31', true],
  ])('that expires on %s is too long for November and 366 days: %s', (expires, tooLong) => {
    expect(isTooLong(exception({ expires }), NOVEMBER, 366 * DAY_MS)).toBe(tooLong)
  })

  it('that is too long covers nothing, and leaves its control to the others', () => {
    const [forever, short] = [exception({ expires: '9999-12-31' }), exception()]
    const statuses = new Map([['nist-sp-800-53/AC-7', 'exception']] as const)
    const settled = settleExceptions([forever, short], [short], statuses, NOVEMBER)
    expect(settled.map(({ state }) => state)).toEqual(['too_long', 'active'])
  })

  it('ends with the day of the time zone of the period', () => {
    const auckland = { ...NOVEMBER, timeZone: 'Pacific/Auckland', end: Date.UTC(2026, 10, 30, 11) }
    expect(isInForce(exception({ expires: '2026-11-30' }), auckland)).toBe(true)
    expect(isInForce(exception({ expires: '2026-11-29' }), auckland)).toBe(false)
  })

  it('of several of a control is the one that lasts longest', () => {
    const [short, long, other] = [
      exception({ expires: '2026-12-01' }),
      exception({ expires: '2027-01-31' }),
      exception({ control: 'nist-sp-800-53/AC-3', expires: '2028-01-31' }),
    ]
    expect(exceptionOf(short.control, [short, long, other], NOVEMBER)).toBe(long)
    expect(exceptionOf(short.control, [exception({ expires: '2026-10-31' })], NOVEMBER)).toBeUndefined()
  })

  it('is active, expired or unused', () => {
    const exceptions = [
      exception(),
      exception({ expires: '2026-12-01' }),
      exception({ expires: '2026-11-15' }),
      exception({ control: 'nist-sp-800-53/AC-3' }),
      exception({ control: 'nist-sp-800-53/XX-1' }),
    ]
    const statuses = new Map([
      ['nist-sp-800-53/AC-7', 'exception'],
      ['nist-sp-800-53/AC-3', 'pass'],
    ] as const)
    expect(settleExceptions(exceptions, exceptions, statuses, NOVEMBER).map(({ state }) => state)).toEqual([
      'active',
      'unused',
      'expired',
      'unused',
      'unused',
    ])
  })

  it.each([
    ['control: f/c\nowner: A\nreason: B\nexpires: 2026-12-31', undefined],
    [
      'control: f/c\nowner: A\nreason: B\nexpires: 2026-02-30',
      'x.yml:4: expires must be a date such as 2027-03-31, but is "2026-02-30"',
    ],
    [
      'control: f/c\nowner: A\nreason: B\nexpires: never',
      'x.yml:4: expires must be a date such as 2027-03-31, but is "never"',
    ],
    ['control: f/c\nreason: B\nexpires: 2026-12-31', 'x.yml:1: owner is missing; it must be text on one line'],
    [
      'control: f/c\nowner: A\nexpires: 2026-12-31\nreason: " "',
      'x.yml:4: reason must be text on one line, but is " "',
    ],
  ])('is read from %j', (text, problem) => {
    const result = parseConfig(exceptionSchema, text, 'x.yml')
    expect(result.ok ? undefined : result.problems.map(formatProblem).join('\n')).toBe(problem)
  })
})
