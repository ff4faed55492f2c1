import { expect, test as base } from '@grafana/plugin-e2e';
import type { Opener } from '../pages/opener';
import { TrustMap } from '../pages/trust-map';

export const uidOf = (name: string) => `clawtrust-case-${name}`;

/** The same cases as in the host, on dashboards that provision.mjs made. */
export const test = base.extend<Opener>({
  open: async ({ gotoDashboardPage, page }, use) => {
    await use(async name => {
      const dashboard = await gotoDashboardPage({ uid: uidOf(name) });
      const panel = dashboard.getPanelById('1');
      await panel.scrollIntoView();
      const map = new TrustMap(page, panel.locator);
      await map.waitUntilShown();
      return map;
    });
  },
  rangeOf: async ({}, use) => {
    await use(async ({ page }) => {
      const { searchParams } = new URL(page.url());
      return timeOf(searchParams.get('to')) - timeOf(searchParams.get('from'));
    });
  },
});

/** Grafana writes a range into the address as milliseconds or as ISO 8601, by version. */
function timeOf(value: string | null): number {
  const text = value ?? '';
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
}

export { expect };
