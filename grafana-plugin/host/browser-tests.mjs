// Drives the built panel in chromium on both Grafanas: node host/browser-tests.mjs. Ends with `N passed, N failed`.
import { chromium } from '@playwright/test';
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { serve } from './serve.mjs';

const ids = id => `[data-testid="trustmap ${id}"]`;
const themes = ['dark', 'light'];
const pictures = process.argv.includes('--pictures');
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-sync',
  '--js-flags=--expose-gc',
  '--enable-precise-memory-info',
];
const rangeOf = page =>
  page.evaluate(
    () =>
      window.host.scene.state.$timeRange.state.value.to.valueOf() -
      window.host.scene.state.$timeRange.state.value.from.valueOf()
  );
const plot = async page => page.locator(ids('lanes')).boundingBox();

/** Name, case and what is to hold; each runs on both Grafanas in both themes. */
const tests = [
  [
    'lanes show zones, signals and the legend',
    'lanes',
    async page => {
      assert.match(await page.locator(ids('row label')).first().innerText(), /agent-control/);
      assert.equal(await page.locator(ids('row label')).count(), 24);
      assert.match(await page.locator(ids('legend')).innerText(), /≥ 90/);
    },
  ],
  [
    'hovering a cell tells score, band and views',
    'lanes',
    async page => {
      const { x, y } = await plot(page);
      await page.mouse.move(x + 1270, y + 105);
      assert.match(
        await page.locator(ids('detail')).innerText(),
        /Score[\s\S]*Observed[\s\S]*Expected[\s\S]*\(4 to 31\)[\s\S]*count/
      );
    },
  ],
  [
    'dragging zooms into the time range',
    'lanes',
    async page => {
      const { x, y } = await plot(page);
      await page.mouse.move(x + 400, y + 105);
      await page.mouse.down();
      await page.mouse.move(x + 600, y + 105, { steps: 4 });
      await page.mouse.up();
      const range = await rangeOf(page);
      assert.ok(range > 3_000_000 && range < 5_000_000, `the range is ${range} ms`);
    },
  ],
  [
    'a click offers the data link of the cell',
    'lanes',
    async page => {
      const { x, y } = await plot(page);
      await page.mouse.click(x + 1270, y + 105);
      const href = await page.locator(`${ids('detail')} a`).getAttribute('href');
      assert.match(href, /var-trust_zone=agent-control&var-signal=auth_failures/);
    },
  ],
  [
    'the keyboard moves a spoken cursor and opens links',
    'lanes',
    async page => {
      await page.locator(ids('grid')).focus();
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
      assert.match(
        await page.locator(ids('announcement')).innerText(),
        /trust zone agent-control, signal policy_decisions, .*highest severity/
      );
      await page.keyboard.press('Enter');
      await page.locator(`${ids('detail')} a`).waitFor();
      await page.keyboard.press('Escape');
      assert.equal(await page.locator(`${ids('detail')} a`).count(), 0);
    },
  ],
  [
    'the filter leaves what matches, and says so where nothing does',
    'lanes',
    async page => {
      await page.locator(ids('filter')).fill('analytics lockouts');
      assert.equal(await page.locator(ids('row label')).count(), 2);
      await page.locator(ids('filter')).fill('nowhere');
      assert.match(await page.locator(ids('message')).innerText(), /Nothing matches "nowhere"/);
    },
  ],
  [
    'a zone collapses into one row',
    'lanes',
    async page => {
      await page.getByRole('button', { name: 'Collapse zone agent-control' }).click();
      assert.equal(await page.locator(ids('row label')).count(), 19);
      await page.getByRole('button', { name: 'Expand zone agent-control' }).waitFor();
    },
  ],
  [
    'flows tell allowed, denied and the link of a pair',
    'flows',
    async page => {
      const box = await page.locator(ids('flows')).boundingBox();
      await page.mouse.click(box.x + 420, box.y + 60);
      assert.match(await page.locator(ids('detail')).innerText(), /→[\s\S]*Allowed[\s\S]*Denied[\s\S]*Deny rate/);
      assert.match(await page.locator(`${ids('detail')} a`).getAttribute('href'), /var-source_zone=internet/);
    },
  ],
  [
    'hostile names stay text',
    'hostile',
    async page => {
      await page.locator(ids('row label')).first().waitFor();
      assert.equal(await page.evaluate(() => window.pwned), undefined);
    },
  ],
  ...[
    ['series', null],
    ['second', null],
    ['decade', null],
    ['empty', /No data/],
    ['failed', /query failed: parse error/],
    ['unlabelled', /label "trust_zone"/],
  ].map(([name, sentence]) => [
    `the case "${name}" is neither blank nor broken`,
    name,
    async page => {
      if (sentence) assert.match(await page.locator(ids('message')).innerText(), sentence);
      else await page.locator(ids('base canvas')).waitFor();
    },
  ]),
];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
const tally = { passed: 0, failed: 0 };

async function open(major, name, theme) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 760 } });
  const troubles = [];
  page.on('pageerror', error => troubles.push(error.message));
  page.on('console', message => message.type() === 'error' && troubles.push(message.text()));
  page.on('response', response => response.status() >= 400 && troubles.push(`${response.status()} ${response.url()}`));
  await page.goto(`http://127.0.0.1:${ports[major]}/?case=${name}&theme=${theme}`);
  await page
    .locator(`${ids('panel')}, ${ids('message')}`)
    .first()
    .waitFor({ timeout: 20_000 });
  return { page, troubles };
}

async function run(title, major, name, theme, body) {
  let opened;
  try {
    opened = await open(major, name, theme);
    opened.page.setDefaultTimeout(5000);
    await body(opened.page);
    assert.deepEqual(opened.troubles, []);
    tally.passed++;
  } catch (error) {
    tally.failed++;
    console.error(
      `FAILED on Grafana ${major}, ${theme}: ${title}\n  ${error.message}\n  ${opened?.troubles.join('\n  ') ?? ''}`
    );
  } finally {
    await opened?.page.close();
  }
}

/** 50,000 cells: from new data to the next frame that shows them, frames while hovering, and memory over refreshes. */
async function measure(page) {
  return page.evaluate(async () => {
    const { host } = window;
    const frame = () => new Promise(resolve => requestAnimationFrame(() => resolve(performance.now())));
    const { data } = host.node.state;
    const refresh = async () => {
      const series = data.series.map(one => ({ ...one, fields: one.fields.map(field => ({ ...field })) }));
      const started = performance.now();
      host.node.setState({ data: { ...data, series } });
      await frame();
      return (await frame()) - started;
    };
    const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
    const paint = await refresh();
    const surface = document.querySelector('[data-testid="trustmap lanes"]');
    const box = surface.getBoundingClientRect();
    const work = [];
    for (let at = 0; at < 60; at++) {
      const started = performance.now();
      surface.dispatchEvent(
        new PointerEvent('pointermove', {
          bubbles: true,
          clientX: box.left + 150 + at * 15,
          clientY: box.top + 60 + at * 5,
        })
      );
      await new Promise(resolve => setTimeout(resolve));
      work.push(performance.now() - started);
      await frame();
    }
    for (let at = 0; at < 10; at++) await refresh();
    window.gc?.();
    const before = performance.memory.usedJSHeapSize;
    for (let at = 0; at < 100; at++) await refresh();
    window.gc?.();
    return { paint, hover: median(work), growthMB: (performance.memory.usedJSHeapSize - before) / 2 ** 20 };
  });
}

const servers = {};
const ports = {};
for (const major of ['12', '13']) {
  servers[major] = await serve(major, 0);
  ports[major] = servers[major].address().port;
}
try {
  for (const major of ['12', '13']) {
    for (const theme of themes) for (const [title, name, body] of tests) await run(title, major, name, theme, body);
    await run('50,000 cells are painted within 300 ms and follow the pointer', major, 'cells', 'dark', async page => {
      const figures = await measure(page);
      console.log(`Grafana ${major}: ${JSON.stringify(figures)}`);
      assert.ok(figures.paint <= 300, `first paint after ${figures.paint} ms`);
      assert.ok(figures.hover <= 16, `hover at the median ${figures.hover} ms`);
    });
  }
  if (pictures) {
    mkdirSync(new URL('../src/img', import.meta.url), { recursive: true });
    for (const name of ['lanes', 'flows']) {
      for (const theme of themes) {
        const { page } = await open('13', name, theme);
        await page.setViewportSize({ width: 1456, height: 700 });
        if (name === 'lanes') await page.mouse.move(1290, 150);
        await page.waitForTimeout(500);
        const path = new URL(`../src/img/${name}-${theme}.png`, import.meta.url).pathname;
        await page.screenshot({ path, clip: { x: 0, y: 0, width: 1440, height: 700 } });
        await page.close();
      }
    }
  }
} finally {
  await browser.close();
  for (const server of Object.values(servers)) server.close();
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed > 0 ? 1 : 0;
