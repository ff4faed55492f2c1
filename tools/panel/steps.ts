import type { Check } from '../checks/checks.ts'

export const PANEL = 'grafana-plugin'

/** Where the panel's packages lie: its own, and those of each Grafana that its host renders with. */
export const packageFolders = [PANEL, `${PANEL}/host/grafana-12`, `${PANEL}/host/grafana-13`] as const

const step = (name: string, limitMinutes: number, ...args: string[]): Check => ({
  kind: 'command',
  name,
  args,
  cwd: PANEL,
  limitMinutes,
})

const TSC = 'node_modules/typescript/bin/tsc'
const JEST = 'node_modules/jest/bin/jest.js'
const BUILD = ['node_modules/webpack/bin/webpack.js', '-c', './.config/webpack/webpack.config.ts']
const PLAYWRIGHT = ['node_modules/@playwright/test/cli.js', 'test', '--config=playwright.host.config.ts']

/** What the panel is held to without a browser, in this order: the last ones build what the browser loads. */
export const steps: readonly Check[] = [
  step('types', 2, TSC, '--noEmit'),
  step('types of 13', 2, TSC, '-p', 'tsconfig.grafana-13.json'),
  step('compatibility', 2, 'check/compatibility.mjs'),
  step('lint', 2, 'node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'),
  { kind: 'jest', name: 'unit', args: [JEST, '--maxWorkers=2'], cwd: PANEL, limitMinutes: 1 },
  step('build', 1, ...BUILD, '--env', 'production'),
  { kind: 'jest', name: 'bundle', args: [JEST, '--config=check/jest.config.js'], cwd: PANEL, limitMinutes: 1 },
  step('host of 12', 1, 'host/bundle.mjs', '12'),
  step('host of 13', 1, 'host/bundle.mjs', '13'),
]

/** The built panel in chromium, on both Grafanas. */
export const browserStep: Check = {
  kind: 'playwright',
  name: 'browser',
  args: PLAYWRIGHT,
  cwd: PANEL,
  limitMinutes: 3,
}
