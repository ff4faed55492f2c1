// Not run in this repository, which has no Grafana server: for CI with one (README.md).
import { flowsScenarios } from '../scenarios/flows';
import { lanesScenarios } from '../scenarios/lanes';
import { stateScenarios } from '../scenarios/states';
import { expect, test, uidOf } from './fixtures';
import { TrustMap } from '../pages/trust-map';

lanesScenarios(test);
flowsScenarios(test);
stateScenarios(test);

test('Grafana finds nothing against accessibility in the panel', async ({ open, scanForA11yViolations }) => {
  await open('lanes');
  const report = await scanForA11yViolations({ include: '[data-testid="trustmap panel"]' });
  expect(report).toHaveNoA11yViolations();
});

test('the option pane changes the picture', async ({ gotoPanelEditPage, page }) => {
  const editor = await gotoPanelEditPage({ dashboard: { uid: uidOf('lanes') }, id: '1' });
  const map = new TrustMap(page, editor.panel.locator);
  await map.waitUntilShown();
  await editor.getCustomOptions('Rows and cells').getSwitch('Start collapsed').check();
  await expect(map.rowLabels).toHaveCount(4);
});

test('the panel is offered for data with its labels', async ({ gotoPanelEditPage, page }) => {
  const editor = await gotoPanelEditPage({ dashboard: { uid: uidOf('lanes') }, id: '1' });
  await editor.setVisualization('Time series');
  await editor.setVisualization('Trust map');
  await new TrustMap(page, editor.panel.locator).waitUntilShown();
});
