import type { CountedCheck } from './checks.ts'
import { type JestResults, tallyOfJest } from './jest-results.ts'
import { type PlaywrightResults, tallyOfPlaywright } from './playwright-results.ts'
import type { Tally } from './tally.ts'

/** How the file for the results is passed to a program that counts its tests, and how that file is read. */
export interface Counter {
  readonly args: (file: string) => readonly string[]
  readonly environment?: (file: string) => Readonly<Record<string, string>>
  readonly tallyOf: (results: unknown) => Tally
}

export const counters: Readonly<Record<CountedCheck['kind'], Counter>> = {
  jest: {
    args: file => ['--json', `--outputFile=${file}`],
    tallyOf: results => tallyOfJest(results as JestResults),
  },
  playwright: {
    args: () => ['--reporter=dot,json'],
    environment: file => ({ PLAYWRIGHT_JSON_OUTPUT_FILE: file }),
    tallyOf: results => tallyOfPlaywright(results as PlaywrightResults),
  },
  tally: {
    args: file => [`--tally=${file}`],
    tallyOf: results => results as Tally,
  },
}
