import { expect } from '@playwright/test';
import { LOOK, type ScenarioTest } from '../pages/opener';

/** What readers of the flows do. */
export function flowsScenarios(test: ScenarioTest): void {
  test('flows tell allowed, denied and the link of a pair', { tag: LOOK }, async ({ open }) => {
    const map = await open('flows');
    await map.clickFlow('internet', 'agent-control');
    await expect(map.detail).toContainText(/internet → agent-control.*Allowed.*Denied.*Deny rate/s);
    await expect(map.links).toHaveAttribute('href', /var-source_zone=internet&var-destination_zone=agent-control/);
  });

  test('decisions of Hubble documents are drawn from zone to zone', { tag: LOOK }, async ({ open }) => {
    const map = await open('hubble');
    await expect(map.rowLabels).toHaveText(['agents', 'analytics', 'openclaw', 'internet', 'unattributed', 'Total']);
    await map.clickFlow('agents', 'analytics');
    await expect(map.detail).toContainText(/agents → analytics.*Denied\s*5.*audit\s*2/s);
    await map.clickFlow('internet', 'openclaw');
    await expect(map.detail).toContainText(/internet → openclaw.*Allowed\s*1.*Denied\s*2/s);
  });

  test('a pair that the earlier range has not is marked', async ({ open }) => {
    const map = await open('flows');
    await map.clickFlow('internet', 'management-api');
    await expect(map.detail).toContainText('Not seen in the earlier range');
    await expect(map.legend).toContainText('Not seen before');
  });

  test('the keyboard goes from pair to pair', async ({ open }) => {
    const map = await open('flows');
    await map.grid.focus();
    await map.press('ArrowDown', 'Home', 'ArrowRight');
    await expect(map.announcement).toContainText(/^from internet to agent-control, .* allowed, .* denied$/);
    await map.press('Enter');
    await expect(map.links).toHaveAttribute('href', /var-destination_zone=agent-control/);
  });

  test('the filter leaves the pairs that match', async ({ open }) => {
    const map = await open('flows');
    await map.filter.fill('internet agent');
    await expect(map.rowLabels).toHaveText(['agent-control', 'internet', 'Total']);
  });
}
