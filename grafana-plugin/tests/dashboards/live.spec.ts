import { LIVE } from './demo';
import { expect, test } from './fixtures';

const MINUTE_MS = 60_000;

/** The panel over what a running exporter tells now; what it does in detail is tested over recorded frames. */
test('the trust map of the last quarter of an hour zooms, filters and is read by keyboard', { tag: LIVE }, async ({
  dashboard,
  live: _,
}) => {
  await dashboard.open('overview', { from: 'now-15m', to: 'now' });
  const map = dashboard.trustMap('overview', 'Trust map');
  await map.grid.focus();
  // The newest minute has closed only when the next one is under way.
  await map.press('ArrowDown', 'ArrowDown', 'ArrowDown', 'End', 'ArrowLeft', 'ArrowLeft');
  await expect(map.announcement).toContainText(/trust zone .*, signal .*\d/);
  await expect(map.announcement).not.toContainText('no data');
  await map.press('Escape');
  await map.filter.fill('agent-control auth_failures');
  await expect(map.rowLabels).toHaveCount(2);
  await map.drag({ row: 1, share: 0.3 }, { row: 1, share: 0.7 });
  await expect.poll(async () => spanOf(await dashboard.range())).toBeLessThan(8 * MINUTE_MS);
});

test('the flows of the last quarter of an hour are those of the running exporter', { tag: LIVE }, async ({
  dashboard,
  live: _,
}) => {
  await dashboard.open('policy', { from: 'now-15m', to: 'now' });
  const flows = dashboard.trustMap('policy', 'Decisions between zones');
  await flows.clickFlow('unattributed', 'management-api');
  await expect(flows.detail).toContainText(/Denied/);
});

const spanOf = ([from, to]: readonly [number, number]) => to - from;
