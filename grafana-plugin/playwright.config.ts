import type { PluginOptions } from '@grafana/plugin-e2e';
import { defineConfig, devices } from '@playwright/test';
import { dirname } from 'node:path';

/** A real Grafana that `docker compose up` started: see README.md. The repository's own run has none and uses the host. */
export default defineConfig<PluginOptions>({
  testDir: 'tests/grafana',
  outputDir: 'test-results/grafana',
  forbidOnly: true,
  use: { baseURL: process.env.GRAFANA_URL ?? 'http://localhost:3000', trace: 'on-first-retry' },
  projects: [
    { name: 'auth', testDir: `${dirname(require.resolve('@grafana/plugin-e2e'))}/auth`, testMatch: [/.*\.js/] },
    {
      name: 'chromium',
      use: { ...devices['Desktop Chrome'], storageState: 'playwright/.auth/admin.json' },
      dependencies: ['auth'],
    },
  ],
});
