interface Command {
  readonly name: string
  /** Arguments for Node.js. */
  readonly args: readonly string[]
  /** The working folder, relative to the root of the repository. Default: the root. */
  readonly cwd?: string
  readonly limitMinutes: number
}

/** A check that is one command and counts as one test: it passes if the command exits with 0 within the time limit. */
export interface CommandCheck extends Command {
  readonly kind: 'command'
}

/**
 * A program that counts its own tests: a project of jest.config.js, specs of Playwright, or a program that writes a
 * tally. A run over the limit, which is meant for two cores and what runs beside it, is reported; a run over twice the limit is ended.
 */
export interface CountedCheck extends Command {
  readonly kind: 'jest' | 'playwright' | 'tally'
}

export type Check = CommandCheck | CountedCheck

/** Checks that run one after another. */
export type Queue = readonly Check[]

const JEST = [
  // Each process has about one core: what threads of their own would collect at once costs it a seventh more.
  '--single-threaded-gc',
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
]
const ORDER = '--testSequencer=<rootDir>/test/longest-first.ts'

const types: Check = {
  kind: 'command',
  name: 'types',
  args: ['node_modules/typescript/bin/tsc', '-p', '.'],
  limitMinutes: 3,
}

const lint: Check = {
  kind: 'command',
  name: 'lint',
  args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  limitMinutes: 3,
}

const unused: Check = { kind: 'command', name: 'unused', args: ['node_modules/knip/bin/knip.js'], limitMinutes: 3 }

const dependencies: Check = {
  kind: 'command',
  name: 'dependencies',
  args: ['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', '--output-type', 'err-long', '.'],
  limitMinutes: 3,
}

const unit: Check = {
  kind: 'jest',
  name: 'unit',
  // One process more than cores: the slow files wait for half of their time.
  args: [...JEST, '--selectProjects', 'unit', '--maxWorkers=3'],
  limitMinutes: 6,
}

const long: Check = {
  kind: 'jest',
  name: 'long',
  args: [...JEST, '--selectProjects', 'long', '--maxWorkers=3', ORDER],
  limitMinutes: 4,
}

const panel: Check = { kind: 'tally', name: 'panel', args: ['tools/panel/main.ts'], limitMinutes: 12 }

const stack: Check = {
  kind: 'jest',
  name: 'stack',
  // One process more than cores: four left them idle for a fiftieth of the time, and tests met their limits. A failed test
  // leaves its servers running, which must not keep the run from ending.
  args: [...JEST, '--selectProjects', 'stack', '--maxWorkers=3', '--testTimeout=120000', '--forceExit', ORDER],
  limitMinutes: 20,
}

/**
 * Everything that `npm test` runs, in stages: first what reads the sources, all at once, then the tests, one project after
 * the other. With the panel beside the tests against real servers, these met their limits of time.
 */
export const stages: readonly (readonly Queue[])[] = [
  [[types], [lint], [unused], [dependencies]],
  [[unit, long, panel, stack]],
]

/** The same, each by itself. */
export const checks: readonly Check[] = stages.flat(2)
