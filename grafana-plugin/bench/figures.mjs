// What 50,000 cells cost in chromium on both Grafanas: node bench/figures.mjs. Needs a build and the host's bundles.
import { chromium } from '@playwright/test';
import { serve } from '../host/serve.mjs';

const ROUNDS = 5;
const MOVES = 120;
const ZOOMS = 3;

const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const shown = list => `${median(list).toFixed(1)} (${Math.min(...list).toFixed(1)}-${Math.max(...list).toFixed(1)})`;

/** A panel that has drawn nothing yet gets its first data; from there to the start of the frame after the one that shows it. */
const firstPaint = page =>
  page.evaluate(async () => {
    const { host } = window;
    const frame = () => new Promise(resolve => requestAnimationFrame(() => resolve(performance.now())));
    const cells = await (await fetch('/case/cells.json')).json();
    const { $timeRange } = host.scene.state;
    const range = { from: new Date(cells.from).toISOString(), to: new Date(cells.to).toISOString() };
    $timeRange.setState({ ...range, value: $timeRange.state.value });
    $timeRange.onTimeRangeChange({ ...$timeRange.state.value, raw: range });
    host.viz.onOptionsChange({ ...host.viz.state.options, ...cells.options });
    await frame();
    await frame();
    const series = cells.frames.map(one => host.toDataFrame(one));
    const started = performance.now();
    host.node.setState({ data: { ...host.node.state.data, series, timeRange: $timeRange.state.value } });
    await frame();
    const ended = await frame();
    const canvas = document.querySelector('[data-testid="trustmap base canvas"]');
    if (canvas === null) throw new Error('nothing was painted');
    return ended - started;
  });

/** The work of each pointer move in the main thread, and the time from frame to frame, while one a frame arrives. */
const moves = (page, button) =>
  page.evaluate(
    async ({ button, count }) => {
      const surface = document.querySelector('[data-testid="trustmap lanes"]');
      const box = surface.getBoundingClientRect();
      const frame = () => new Promise(resolve => requestAnimationFrame(() => resolve(performance.now())));
      const fire = (type, at) =>
        surface.dispatchEvent(
          new PointerEvent(type, {
            bubbles: true,
            clientX: box.left + 150 + at * 7,
            clientY: box.top + 60 + (button ? 0 : at * 3),
          })
        );
      if (button) fire('pointerdown', 0);
      const [work, intervals] = [[], []];
      let last = await frame();
      for (let at = 1; at <= count; at++) {
        const started = performance.now();
        fire('pointermove', at);
        await new Promise(resolve => setTimeout(resolve));
        work.push(performance.now() - started);
        const now = await frame();
        intervals.push(now - last);
        last = now;
      }
      if (button) surface.dispatchEvent(new PointerEvent('pointerleave', { bubbles: true }));
      return { work, intervals };
    },
    { button, count: MOVES }
  );

/** Makes what a query answers a zoom into the middle half with: as many cells as before. */
const prepareZoom = page =>
  page.evaluate(() => {
    const { host } = window;
    const { data } = host.node.state;
    const { from, to } = data.timeRange;
    const quarter = (to.valueOf() - from.valueOf()) / 4;
    const range = { from: from.clone().add(quarter, 'ms'), to: to.clone().subtract(quarter, 'ms') };
    const timeRange = { ...range, raw: { from: range.from.toISOString(), to: range.to.toISOString() } };
    const series = data.series.map(({ refId, fields }) => {
      const step = (2 * quarter) / fields[0].values.length;
      const times = fields[0].values.map((_, at) => range.from.valueOf() + (at + 1) * step);
      const copy = ({ name, type, labels, values }) => ({ name, type, labels, config: {}, values: [...values] });
      return host.toDataFrame({ refId, fields: [{ ...copy(fields[0]), values: times }, copy(fields[1])] });
    });
    window.zoomed = { ...data, series, timeRange };
  });

/** From the new range and its data to the first frame after they were drawn. */
const zoom = page =>
  page.evaluate(async () => {
    const { host, zoomed } = window;
    const frame = () => new Promise(resolve => requestAnimationFrame(() => resolve(performance.now())));
    const drawn = new Promise(resolve => {
      const { prototype } = CanvasRenderingContext2D;
      const { clearRect } = prototype;
      prototype.clearRect = function (...area) {
        if (this.canvas.dataset.testid === 'trustmap base canvas') {
          prototype.clearRect = clearRect;
          resolve();
        }
        return clearRect.apply(this, area);
      };
    });
    await frame();
    const started = performance.now();
    host.scene.state.$timeRange.onTimeRangeChange(zoomed.timeRange);
    host.node.setState({ data: zoomed });
    await drawn;
    return (await frame()) - started;
  });

/** The work of the main thread meanwhile, by the browser's own account, in milliseconds; waiting for a frame is none. */
async function workOf(page, act) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const worked = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * metrics.find(({ name }) => name === 'TaskDuration').value;
  };
  const before = await worked();
  const result = await act();
  const work = (await worked()) - before;
  await session.detach();
  return { result, work };
}

/** What measuring costs by itself: two frames in which nothing is drawn. */
const nothing = page =>
  page.evaluate(async () => {
    for (let at = 0; at < 2; at++) await new Promise(resolve => requestAnimationFrame(resolve));
  });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const major of ['12', '13']) {
  const server = await serve(major, 0);
  const open = async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 760 } });
    await page.goto(`http://127.0.0.1:${server.address().port}/?case=empty&theme=dark`);
    await page.locator('[data-testid="trustmap message"]').waitFor();
    return page;
  };
  const figures = {
    paint: [],
    hover: [],
    hoverFrames: [],
    drag: [],
    dragFrames: [],
    zoom: [],
    zoomWork: [],
    idleWork: [],
  };
  for (let round = 0; round < ROUNDS; round++) {
    const page = await open();
    figures.paint.push(await firstPaint(page));
    const hover = await moves(page, false);
    const drag = await moves(page, true);
    figures.hover.push(...hover.work);
    figures.hoverFrames.push(...hover.intervals);
    figures.drag.push(...drag.work);
    figures.dragFrames.push(...drag.intervals);
    for (let at = 0; at < ZOOMS; at++) {
      await prepareZoom(page);
      const { result, work } = await workOf(page, () => zoom(page));
      figures.zoom.push(result);
      figures.zoomWork.push(work);
      figures.idleWork.push((await workOf(page, () => nothing(page))).work);
    }
    await page.close();
  }
  console.log(`Grafana ${major}, 50 lanes of 1,000 buckets, milliseconds: median (least-most)`);
  for (const [name, list] of Object.entries(figures)) console.log(`  ${name.padEnd(12)} ${shown(list)}`);
  server.close();
}
await browser.close();
