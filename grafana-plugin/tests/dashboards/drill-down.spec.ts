import { expect, test } from './fixtures';

const HOUR_MS = 3_600_000;
/** Hours into the attack at which somebody is locked out again and again. */
const LOCKOUTS_AT = 2.2;

test('a cell of the trust map tells the band and leads to what explains it', async ({ dashboard, demo }) => {
  const [from, to] = [demo.attack, demo.attack + 4 * HOUR_MS];
  await dashboard.open('overview', { from: `${from}`, to: `${to}`, 'var-gateway': 'demo-gateway' });
  const map = dashboard.trustMap('overview', 'Trust map');
  await map.filter.fill('agent-control auth_lockouts');
  await expect(map.rowLabels).toHaveCount(2);
  const cell = { row: 1, share: LOCKOUTS_AT / 4 };
  await map.hover(cell);
  await expect(map.detail).toContainText(/Score.*Observed.*Expected.*\(\d+ to \d+\).*count_/s);
  await map.click(cell);
  await map.links.first().click();
  await dashboard.arrives('anomalies');
  expect(await dashboard.range()).toEqual([from, to]);
  expect(await chosen(dashboard)).toMatchObject({
    gateway: ['demo-gateway'],
    trust_zone: ['agent-control'],
    signal: ['auth_lockouts'],
  });
});

test('a pair of zones leads to its decisions', async ({ dashboard, demo }) => {
  await dashboard.open('overview', { from: `${demo.attack}`, to: `${demo.attack + 13 * HOUR_MS}` });
  const flows = dashboard.trustMap('overview', 'Decisions between zones');
  await flows.root.scrollIntoViewIfNeeded();
  await flows.clickFlow('internet', 'management-api');
  await expect(flows.detail).toContainText(/internet → management-api.*Denied/s);
  await flows.links.first().click();
  await dashboard.arrives('policy');
  expect(await chosen(dashboard)).toMatchObject({ source_zone: ['internet'], destination_zone: ['management-api'] });
});

test('links to other dashboards keep time and variables', async ({ dashboard, demo }) => {
  const [from, to] = [demo.attack, demo.attack + HOUR_MS];
  await dashboard.open('overview', { from: `${from}`, to: `${to}`, 'var-trust_zone': 'agent-control' });
  await dashboard.page.getByRole('button', { name: 'clawtrust' }).click();
  await dashboard.page.getByRole('menuitem', { name: 'clawtrust / Authentication' }).click();
  await dashboard.arrives('authentication');
  expect(await dashboard.range()).toEqual([from, to]);
  expect(await chosen(dashboard)).toMatchObject({ trust_zone: ['agent-control'] });
});

async function chosen(dashboard: { variables(): Promise<readonly { name: string; value: unknown }[]> }) {
  return Object.fromEntries((await dashboard.variables()).map(({ name, value }) => [name, value]));
}
