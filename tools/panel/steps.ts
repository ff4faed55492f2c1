import type { Check } from '../checks/checks.ts'
import type { SystemCommand } from '../checks/system-commands.ts'

export const PANEL = 'grafana-plugin'

/** The folders of the panel's packages: its own, and one for each Grafana that its host renders with. */
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
 * The checks of the panel without a browser, in stages; the last ones build what the browser loads. The checks of one
 * stage run concurrently: each is one thread that reads the sources, and none depends on time.
 */
export const stages: readonly (readonly Check[])[] = [
  [step('types of 13', 4, TSC, '-p', 'tsconfig.grafana-13.json'), step('types', 4, TSC, '--noEmit')],
  [
    step('lint', 4, 'node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'),
    step('compatibility', 4, 'check/compatibility.mjs'),
  ],
  [{ kind: 'jest', name: 'unit', args: [JEST, '--maxWorkers=2'], cwd: PANEL, limitMinutes: 2 }],
  [step('build', 3, ...BUILD, '--env', 'production')],
  [{ kind: 'jest', name: 'bundle', args: [JEST, '--config=check/jest.config.js'], cwd: PANEL, limitMinutes: 1 }],
  [step('host of 12', 3, 'host/bundle.mjs', '12'), step('host of 13', 3, 'host/bundle.mjs', '13')],
]

const playwright = (name: string, config: string, limitMinutes: number): Check => ({
  kind: 'playwright',
  name,
  args: [...PLAYWRIGHT, `--config=${config}`],
  cwd: PANEL,
  limitMinutes,
})

/**
 * Browser checks of the build in Chromium, on both Grafanas, each with the programs that it needs. They run concurrently:
 * the dashboards first wait a minute for Prometheus.
 */
export const browserSteps: readonly { readonly needs: readonly SystemCommand[]; readonly check: Check }[] = [
  { needs: ['chromium-headless-shell'], check: playwright('browser', 'playwright.host.config.ts', 6) },
  {
    needs: ['chromium-headless-shell', 'prometheus', 'promtool'],
    check: playwright('dashboards', 'playwright.dashboards.config.ts', 9),
  },
]
