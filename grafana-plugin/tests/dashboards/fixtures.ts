import type { AddressInfo } from 'node:net';
import { expect, test as hostTest } from '../host/fixtures';
import { DashboardPage } from '../pages/dashboard';
import type { Demo } from '../../host/demo.mjs';
import { readDemo } from './demo';

interface Fixtures {
  readonly dashboard: DashboardPage;
}

interface Worker {
  readonly demo: Demo;
  /** There once the running servers have been watched for longer than a minute, the step of the shortest time shown. */
  readonly live: void;
}

const WATCHED = 'process_resident_memory_bytes{job="clawtrust"} offset 65s';

/** Tests of dashboards in the host; each fails where the page complains of anything. */
export const test = hostTest.extend<Fixtures, Worker>({
  demo: [async ({}, use) => use(readDemo()), { scope: 'worker' }],
  live: [
    async ({ demo }, use) => {
      const ask = `${demo.prometheus}/api/v1/query?${new URLSearchParams({ query: WATCHED })}`;
      const samples = async () => (await (await fetch(ask)).json()).data.result.length;
      await expect.poll(samples, { timeout: 90_000 }).toBeGreaterThan(0);
      await use();
    },
    { scope: 'worker', timeout: 100_000 },
  ],
  hostUrl: [
    async ({ demo }, use, { project }) => {
      const { serve } = await import('../../host/serve.mjs');
      const server = await serve(project.metadata.major, 0, demo.prometheus);
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      server.closeAllConnections();
      server.close();
    },
    { scope: 'worker' },
  ],
  dashboard: async ({ page, hostUrl, troubles: _ }, use, { project }) => {
    await use(new DashboardPage(page, hostUrl, project.metadata.theme));
  },
});

export { expect };
