import { expect } from '@playwright/test';
import type { ScenarioTest } from '../pages/opener';

const sentences = [
  ['empty', /No data/],
  ['failed', /query failed: .*/],
  ['unlabelled', /label "trust_zone"/],
] as const;

const pictures = ['series', 'mixed', 'second', 'decade'] as const;

/** Every state of the data comes to a picture or to a sentence. */
export function stateScenarios(test: ScenarioTest): void {
  for (const [name, sentence] of sentences) {
    test(`the case "${name}" says what to do`, async ({ open }) => {
      const map = await open(name);
      await expect(map.message).toContainText(sentence);
    });
  }

  for (const name of pictures) {
    test(`the case "${name}" is drawn`, async ({ open }) => {
      const map = await open(name);
      await expect(map.picture).toBeVisible();
    });
  }

  test('hostile names stay text', async ({ open }) => {
    const map = await open('hostile');
    await expect(map.rowLabels.first()).toBeVisible();
    await expect(map.page.locator('img[src="x"]')).toHaveCount(0);
    await expect(map.rowLabels.filter({ hasText: '\ufffdgnp.exe' })).toHaveCount(2);
    expect(await map.page.evaluate(() => 'pwned' in window)).toBe(false);
  });
}
