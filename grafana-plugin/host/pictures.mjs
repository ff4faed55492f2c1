// Takes the pictures of the panel and of the dashboards over the demo: node host/pictures.mjs [NAME]. Takes about five
// minutes: the servers run for a while first, so that there is something to see of them.
import { chromium, expect } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startDemo } from './demo.mjs';
import { serve } from './serve.mjs';

const GRAFANA = '13';
const HOUR_MS = 3_600_000;
/** What is shown of the running servers themselves. */
const WATCHED_MS = 4 * 60_000;
/** From the last answer to the last stroke. */
const SETTLED_MS = 2_000;
const ANSWERED_MS = 60_000;
const themes = ['dark', 'light'];
const only = process.argv[2] ?? '';

const attackHours = ({ attack }) => ({ from: attack, to: attack + 13 * HOUR_MS, 'var-gateway': 'demo-gateway' });
const sinceAttack = ({ attack }) => ({ from: attack, to: 'now', 'var-gateway': 'demo-gateway' });
const lately = () => ({ from: 'now-15m', to: 'now' });

/** Name of the picture, the dashboard, its time and variables; the whole page, or one panel with the pointer in a row, at a share of its width. */
const pictures = [
  { name: 'overview', range: sinceAttack },
  { name: 'authentication', range: attackHours },
  { name: 'posture', range: attackHours },
  { name: 'policy', range: attackHours },
  { name: 'anomalies', range: attackHours },
  { name: 'remediation', range: lately },
  { name: 'compliance', range: lately },
  { name: 'exporter-health', range: lately },
  { name: 'lanes', dashboard: 'overview', range: attackHours, panel: 'Trust map', row: 'auth_failures', x: 0.4 },
  {
    name: 'flows',
    dashboard: 'policy',
    range: attackHours,
    panel: 'Decisions between zones',
    row: 'internet',
    x: 0.36,
  },
];
const ofPanel = fileURLToPath(new URL('../src/img/', import.meta.url));
const ofDashboards = fileURLToPath(new URL('../../docs/pictures/dashboards/', import.meta.url));

async function take(page, url, { name, dashboard = name, range, panel, row, x }, theme, demo) {
  const query = new URLSearchParams({ ...range(demo), theme });
  await page.goto(`${url}/d/clawtrust-${dashboard}?${query}`);
  await page
    .getByTestId(/^data-testid Panel header/)
    .first()
    .waitFor();
  await page.waitForLoadState('networkidle');
  // The first picture of a process is answered late: the network rests before the longest queries are asked.
  await expect(page.getByLabel('Panel loading bar')).toHaveCount(0, { timeout: ANSWERED_MS });
  await sleep(SETTLED_MS);
  if (panel === undefined) {
    await page.screenshot({ path: `${ofDashboards}${name}-${theme}.png`, fullPage: true });
    return;
  }
  const box = await page.locator(`[data-viz-panel-key]`, { hasText: panel }).first().boundingBox();
  const label = await page.getByTestId('trustmap row label').filter({ hasText: row }).first().boundingBox();
  await page.mouse.move(box.x + x * box.width, label.y + label.height / 2);
  await sleep(500);
  await page.screenshot({ path: `${ofPanel}${name}-${theme}.png`, clip: box });
}

const { demo, stop } = await startDemo();
const server = await serve(GRAFANA, 0, demo.prometheus);
const url = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
});
try {
  mkdirSync(ofDashboards, { recursive: true });
  await sleep(WATCHED_MS);
  for (const theme of themes) {
    for (const picture of pictures.filter(({ name }) => name.includes(only))) {
      const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
      await take(page, url, picture, theme, demo);
      await page.close();
    }
  }
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
  await stop();
}
