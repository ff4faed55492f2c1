import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { testIds } from '../../src/core/test-ids';
import { LOOK } from '../pages/opener';
import type { TrustMap } from '../pages/trust-map';
import { expect, test } from './fixtures';

/** What is the panel's own; the frame around it and the page are Grafana's and the host's. */
const ours = [testIds.panel, testIds.message, testIds.detail];

async function complaints(page: Page): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  for (const id of ours) {
    if ((await page.getByTestId(id).count()) > 0) axe.include(`[data-testid="${id}"]`);
  }
  // A card stands in Grafana's portal beside the page's landmarks, as every tooltip of Grafana does.
  const { violations, passes } = await axe.disableRules('region').analyze();
  expect(passes.length).toBeGreaterThan(0);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`)
  );
}

const situations: ReadonlyArray<readonly [title: string, name: string, act: (map: TrustMap) => Promise<void>]> = [
  ['the lanes', 'lanes', async () => undefined],
  ['a tooltip', 'lanes', map => map.hover({ row: 1, share: 0.95 })],
  ['a pinned card', 'lanes', map => map.click({ row: 1, share: 0.95 })],
  [
    'the keyboard on a cell',
    'lanes',
    async map => {
      await map.grid.focus();
      await map.press('ArrowDown', 'ArrowDown');
    },
  ],
  ['a filter that matches nothing', 'lanes', map => map.filter.fill('nowhere')],
  ['the flows', 'flows', async () => undefined],
  ['a card of the flows', 'flows', map => map.clickFlow('internet', 'agent-control')],
  ['a sentence in place of the picture', 'unlabelled', async () => undefined],
  ['hostile names', 'hostile', async () => undefined],
];

for (const [title, name, act] of situations) {
  test(`axe finds nothing in ${title}`, { tag: LOOK }, async ({ open }) => {
    const map = await open(name);
    await act(map);
    expect(await complaints(map.page)).toEqual([]);
  });
}
