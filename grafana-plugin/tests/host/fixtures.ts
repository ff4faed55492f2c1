import { test as base, expect, type Page } from '@playwright/test';
import type { AddressInfo } from 'node:net';
import type { Opener } from '../pages/opener';
import { TrustMap } from '../pages/trust-map';

interface Worker {
  /** Where the host of the project's Grafana listens. */
  readonly hostUrl: string;
}

interface Fixtures extends Opener {
  /** What the page complained of: errors in the console or uncaught, and answers of 400 and more. */
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
  troubles: async ({ page }, use) => {
    const troubles: string[] = [];
    page.on('pageerror', error => troubles.push(error.message));
    page.on('console', message => void (message.type() === 'error' && troubles.push(message.text())));
    page.on('response', answer => void (answer.status() >= 400 && troubles.push(`${answer.status()} ${answer.url()}`)));
    await use(troubles);
    expect(troubles, 'what the page complained of').toEqual([]);
  },
  open: async ({ page, hostUrl, troubles: _ }, use, { project }) => {
    await use(async name => {
      await page.goto(`${hostUrl}/?case=${name}&theme=${project.metadata.theme}`);
      const map = new TrustMap(page, page.locator('[data-viz-panel-key="panel-1"]'));
      await map.waitUntilShown();
      return map;
    });
  },
  rangeOf: async ({}, use) => {
    await use(({ page }) => sceneRange(page));
  },
});

interface HostWindow {
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
