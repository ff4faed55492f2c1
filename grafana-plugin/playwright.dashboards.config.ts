import { defineConfig } from '@playwright/test';
import host from './playwright.host.config';

/**
 * The dashboards in the panel's host, over a Prometheus that watches a running exporter on the demo and remediation. What a
 * click does is the same in both themes.
 */
export default defineConfig({
  ...host,
  testDir: 'tests/dashboards',
  outputDir: 'test-results/dashboards',
  globalSetup: './tests/dashboards/demo.ts',
  use: { ...host.use, viewport: { width: 1600, height: 1000 } },
  projects: ['12', '13'].flatMap(major => [
    { name: `Grafana ${major}, dark`, metadata: { major, theme: 'dark' } },
    { name: `Grafana ${major}, light`, metadata: { major, theme: 'light' }, testMatch: 'data.spec.ts' },
  ]),
});
