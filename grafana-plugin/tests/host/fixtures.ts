import { test as base, type ConsoleMessage, expect, type Page, type Response } from '@playwright/test';
import type { AddressInfo } from 'node:net';
import type { Opener } from '../pages/opener';
import { TrustMap } from '../pages/trust-map';

interface Worker {
  /** Where the host of the project's Grafana listens. */
  readonly hostUrl: string;
  /** A page of the host that shows one case after the other: starting Grafana's libraries anew takes a second or more. */
  readonly casePage: Page;
}

interface Fixtures extends Opener {
  /** What the page of a test of its own complained of. */
  readonly troubles: string[];
}

/** Tests of the panel in its host; each fails where the page complains of anything. */
export const test = base.extend<Fixtures, Worker>({
  hostUrl: [
    async ({}, use, { project }) => {
      const { serve } = await import('../../host/serve.mjs');
      const server = await serve(project.metadata.major, 0);
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      server.closeAllConnections();
      server.close();
    },
    { scope: 'worker' },
  ],
  casePage: [
    async ({ browser, hostUrl }, use, { project }) => {
      const context = await browser.newContext({ viewport: project.use.viewport });
      const page = await context.newPage();
      await page.goto(`${hostUrl}/?case=empty&theme=${project.metadata.theme}`);
      await page.waitForFunction(() => 'openCase' in window);
      await use(page);
      await context.close();
    },
    { scope: 'worker' },
  ],
  troubles: async ({ page }, use) => withoutComplaints(page, use),
  open: async ({ casePage: page }, use) =>
    withoutComplaints(page, () =>
      use(async name => {
        await page.mouse.move(0, 0);
        await page.evaluate(shown => (window as unknown as HostWindow).openCase(shown), name);
        const map = new TrustMap(page, page.locator('[data-viz-panel-key="panel-1"]'));
        await map.waitUntilShown();
        return map;
      })
    ),
  rangeOf: async ({}, use) => {
    await use(({ page }) => sceneRange(page));
  },
});

/** Errors in the console or uncaught, and answers of 400 and more, fail the test. */
async function withoutComplaints(page: Page, body: (troubles: string[]) => Promise<void>): Promise<void> {
  const troubles: string[] = [];
  const onError = (error: Error) => void troubles.push(error.message);
  const onConsole = (message: ConsoleMessage) => void (message.type() === 'error' && troubles.push(message.text()));
  const onResponse = (answer: Response) =>
    void (answer.status() >= 400 && troubles.push(`${answer.status()} ${answer.url()}`));
  page.on('pageerror', onError).on('console', onConsole).on('response', onResponse);
  await body(troubles);
  page.off('pageerror', onError).off('console', onConsole).off('response', onResponse);
  expect(troubles, 'what the page complained of').toEqual([]);
}

interface HostWindow {
  readonly openCase: (name: string) => Promise<void>;
  readonly host: { readonly scene: { readonly state: { readonly $timeRange: { readonly state: TimeRangeState } } } };
}

interface TimeRangeState {
  readonly value: { readonly from: { valueOf(): number }; readonly to: { valueOf(): number } };
}

const sceneRange = (page: Page) =>
  page.evaluate(() => {
    const { from, to } = (window as unknown as HostWindow).host.scene.state.$timeRange.state.value;
    return to.valueOf() - from.valueOf();
  });

export { expect };
