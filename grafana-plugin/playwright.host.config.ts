import { defineConfig } from '@playwright/test';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LOOK } from './tests/pages/opener';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--js-flags=--expose-gc',
  '--enable-precise-memory-info',
];

/** Chromium of the system, without a window: CHROMIUM names one that is not on the PATH. */
function chromium(): string | undefined {
  const isProgram = (file: string) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return (
    process.env.CHROMIUM ??
    (process.env.PATH ?? '')
      .split(delimiter)
      .map(one => join(one, 'chromium-headless-shell'))
      .find(isProgram)
  );
}

/** Starts it with the priority of the tests. */
const launcher = join(__dirname, 'tests/chromium.sh');

const majors = ['12', '13'] as const;
const themes = ['dark', 'light'] as const;

/** The built panel in its host, on both Grafanas in both themes; no server but those that the tests start themselves. */
export default defineConfig({
  testDir: 'tests/host',
  outputDir: 'test-results/host',
  fullyParallel: true,
  workers: 2,
  // No test is timed: beside other checks, a second of work takes several. A test that hangs is still ended.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  use: {
    viewport: { width: 1440, height: 760 },
    launchOptions: { ...(chromium() !== undefined && { executablePath: launcher }), args: flags },
    actionTimeout: 90_000,
  },
  projects: majors.flatMap(major => [
    ...themes.map(theme => ({
      name: `Grafana ${major}, ${theme}`,
      testIgnore: 'memory.spec.ts',
      ...(theme === 'light' ? { grep: new RegExp(LOOK) } : {}),
      metadata: { major, theme },
    })),
    { name: `Grafana ${major}, memory`, testMatch: 'memory.spec.ts', metadata: { major, theme: 'dark' } },
  ]),
});
