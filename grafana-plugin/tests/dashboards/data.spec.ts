import { type DashboardPage, readDashboard } from '../pages/dashboard';
import type { Demo } from '../../host/demo.mjs';
import { LIVE } from './demo';
import { expect, test } from './fixtures';

const HOUR_MS = 3_600_000;
type Range = (demo: Demo) => Readonly<Record<string, string>>;
const attackHours: Range = ({ attack }) => ({ from: `${attack}`, to: `${attack + 13 * HOUR_MS}` });
const sinceAttack: Range = ({ attack }) => ({ from: `${attack}`, to: 'now' });
const lately: Range = () => ({ from: 'now-15m', to: 'now' });

/** Each over a time that has something of everything. */
const overThePast = { authentication: attackHours, posture: attackHours, policy: attackHours, anomalies: attackHours };
/** Alerts are firing, remediation acts and processes are watched only while the servers run. */
const overThePresent = { overview: sinceAttack, remediation: lately, 'exporter-health': lately };

for (const [name, range] of Object.entries(overThePast)) {
  test(`every panel of ${name} shows data, and every variable has values`, async ({ dashboard, demo }) => {
    await dashboard.open(name, range(demo));
    await everythingHasData(dashboard, name);
  });
}

for (const [name, range] of Object.entries(overThePresent)) {
  test(
    `every panel of ${name} shows data, and every variable has values`,
    { tag: LIVE },
    async ({ dashboard, demo, live: _ }) => {
      await dashboard.open(name, range(demo));
      await everythingHasData(dashboard, name);
    }
  );
}

async function everythingHasData(dashboard: DashboardPage, name: string): Promise<void> {
  for (const panel of readDashboard(name).panels) {
    await expect(dashboard.dataOf(panel), `data of "${panel.title}"`).toBeVisible();
    await expect(dashboard.panel(panel).getByTestId('host no data')).toHaveCount(0);
    await expect(dashboard.errorOf(panel), `error of "${panel.title}"`).toHaveCount(0);
  }
  for (const { name: variable, options } of await dashboard.variables()) {
    expect(options, `values of the variable ${variable}`).not.toHaveLength(0);
  }
}
