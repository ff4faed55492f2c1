/** A check that is one command and counts as one test: it passes where the command exits with 0. */
export interface CommandCheck {
  readonly kind: 'command'
  readonly name: string
  readonly args: readonly string[]
  /** The command is ended after this long and has failed. */
  readonly limitMinutes: number
}

/** A project of jest.config.js: each of its tests counts. */
export interface JestCheck {
  readonly kind: 'jest'
  readonly name: string
  readonly args: readonly string[]
  /** What the tests may take on two cores; longer is reported, the double is ended. */
  readonly limitMinutes: number
}

export type Check = CommandCheck | JestCheck

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js']

/** Everything that `npm test` runs, in this order: the quick ones first. `args` follow the path of Node.js. */
export const checks: readonly Check[] = [
  { kind: 'command', name: 'types', args: ['node_modules/typescript/bin/tsc', '-p', '.'], limitMinutes: 3 },
  {
    kind: 'command',
    name: 'lint',
    args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
    limitMinutes: 3,
  },
  { kind: 'command', name: 'unused', args: ['node_modules/knip/bin/knip.js'], limitMinutes: 3 },
  {
    kind: 'command',
    name: 'dependencies',
    args: ['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', '--output-type', 'err-long', '.'],
    limitMinutes: 3,
  },
  { kind: 'jest', name: 'unit', args: [...JEST, '--selectProjects', 'unit', '--maxWorkers=2'], limitMinutes: 2 },
  { kind: 'jest', name: 'long', args: [...JEST, '--selectProjects', 'long', '--maxWorkers=2'], limitMinutes: 4 },
  { kind: 'jest', name: 'stack', args: [...JEST, '--selectProjects', 'stack', '--runInBand'], limitMinutes: 20 },
]
