import { defineConfig } from '@playwright/test';
import host from './playwright.host.config';
import { LIVE } from './tests/dashboards/demo';

/** Projects begin in their order. */
const parts = [
  { part: 'past', grepInvert: new RegExp(LIVE) },
  { part: 'present', grep: new RegExp(LIVE) },
];

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
  projects: parts.flatMap(({ part, ...those }) =>
    ['12', '13'].flatMap(major => [
      { name: `Grafana ${major}, dark, ${part}`, metadata: { major, theme: 'dark' }, ...those },
      { name: `Grafana ${major}, light, ${part}`, metadata: { major, theme: 'light' }, testMatch: 'data.spec.ts', ...those },
    ])
  ),
});
