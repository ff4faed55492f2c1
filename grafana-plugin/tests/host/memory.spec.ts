import type { CDPSession, Page } from '@playwright/test';
import { expect, test } from './fixtures';

const REFRESHES = 100;
test.setTimeout(240_000);

const MEBIBYTE = 2 ** 20;
/** 50,000 cells are about 2 MiB of frames and models: keeping those of every tenth refresh would break it tenfold. */
const MAX_GROWTH = MEBIBYTE;

interface Frame {
  readonly fields: ReadonlyArray<Record<string, unknown> & { readonly values: readonly unknown[] }>;
}

interface HostWindow {
  readonly host: {
    readonly node: {
      readonly state: { readonly data: { readonly series: readonly Frame[] } };
      setState(state: unknown): void;
    };
  };
  kept?: unknown[];
}

/** New frames with new values, as a query brings them, each drawn and hovered over; `keep` holds on to them all. */
const refresh = (page: Page, times: number, keep = false) =>
  page.evaluate(
    async ({ times, keep }) => {
      const hostWindow = window as unknown as HostWindow;
      const { node } = hostWindow.host;
      const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
      const surface = document.querySelector('[data-testid="trustmap lanes"]')!;
      const { left, top } = surface.getBoundingClientRect();
      for (let at = 0; at < times; at++) {
        const { data } = node.state;
        const series = data.series.map(one => ({
          ...one,
          fields: one.fields.map(({ name, type, labels, config, values }) => ({
            ...{ name, type, labels, config },
            values: [...values],
          })),
        }));
        if (keep) (hostWindow.kept ??= []).push(series);
        node.setState({ data: { ...data, series } });
        await frame();
        const [clientX, clientY] = [left + 150 + ((at * 15) % 900), top + 60 + ((at * 5) % 400)];
        surface.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX, clientY }));
        await frame();
      }
    },
    { times, keep }
  );

/** What is alive after the garbage was collected. */
async function alive(session: CDPSession) {
  for (let round = 0; round < 3; round++) await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (name: string) => metrics.find(one => one.name === name)?.value ?? Number.NaN;
  return { bytes: usedSize, nodes: metric('Nodes'), listeners: metric('JSEventListeners') };
}

async function growthOver(page: Page, keep: boolean) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('Performance.enable');
  await refresh(page, 20);
  const before = await alive(session);
  await refresh(page, keep ? REFRESHES / 4 : REFRESHES, keep);
  const after = await alive(session);
  return {
    bytes: after.bytes - before.bytes,
    nodes: after.nodes - before.nodes,
    listeners: after.listeners - before.listeners,
  };
}

test('memory is flat over 100 refreshes of 50,000 cells', async ({ open }) => {
  const { page } = await open('cells');
  const growth = await growthOver(page, false);
  process.stderr.write(`memory over ${REFRESHES} refreshes: ${JSON.stringify(growth)}\n`);
  expect(growth.bytes).toBeLessThan(MAX_GROWTH);
  expect(growth.nodes).toBeLessThanOrEqual(0);
  expect(growth.listeners).toBeLessThanOrEqual(0);
});

test('frames that are held would be noticed', async ({ open }) => {
  const { page } = await open('cells');
  const growth = await growthOver(page, true);
  expect(growth.bytes).toBeGreaterThan(10 * MAX_GROWTH);
});
