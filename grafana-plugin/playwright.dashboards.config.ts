import { defineConfig } from '@playwright/test';
import host from './playwright.host.config';

/** The dashboards in the panel's host, over a Prometheus that watches a running exporter on the demo and remediation. */
export default defineConfig({
  ...host,
  testDir: 'tests/dashboards',
  outputDir: 'test-results/dashboards',
  globalSetup: './tests/dashboards/demo.ts',
  use: { ...host.use, viewport: { width: 1600, height: 1000 } },
  projects: host.projects?.filter(({ testMatch }) => testMatch === undefined),
});
