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
}
