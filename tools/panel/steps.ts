import type { Check } from '../checks/checks.ts'
import type { SystemCommand } from '../checks/system-commands.ts'

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
const PLAYWRIGHT = ['node_modules/@playwright/test/cli.js', 'test']

/**
 * What the panel is held to without a browser, in this order: the last ones build what the browser loads. The limits leave
 * room for the tests against real servers, which run at the same time.
 */
export const steps: readonly Check[] = [
  step('types', 6, TSC, '--noEmit'),
  step('types of 13', 6, TSC, '-p', 'tsconfig.grafana-13.json'),
  step('compatibility', 6, 'check/compatibility.mjs'),
  step('lint', 6, 'node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'),
  { kind: 'jest', name: 'unit', args: [JEST, '--maxWorkers=2'], cwd: PANEL, limitMinutes: 4 },
  step('build', 4, ...BUILD, '--env', 'production'),
  { kind: 'jest', name: 'bundle', args: [JEST, '--config=check/jest.config.js'], cwd: PANEL, limitMinutes: 4 },
  step('host of 12', 4, 'host/bundle.mjs', '12'),
  step('host of 13', 4, 'host/bundle.mjs', '13'),
]

const playwright = (name: string, config: string, limitMinutes: number): Check => ({
  kind: 'playwright',
  name,
  args: [...PLAYWRIGHT, `--config=${config}`],
  cwd: PANEL,
  limitMinutes,
})

/** What is built in chromium, on both Grafanas, each with the programs that it needs. */
export const browserSteps: readonly { readonly needs: readonly SystemCommand[]; readonly check: Check }[] = [
  { needs: ['chromium'], check: playwright('browser', 'playwright.host.config.ts', 8) },
  {
    needs: ['chromium', 'prometheus', 'promtool'],
    check: playwright('dashboards', 'playwright.dashboards.config.ts', 8),
  },
]
