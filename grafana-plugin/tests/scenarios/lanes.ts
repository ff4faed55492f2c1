import { expect } from '@playwright/test';
import { LOOK, type ScenarioTest } from '../pages/opener';

/** The lane of agent-control's auth_failures: under the zone's header and the lane that is worse. */
const AUTH_FAILURES = 2;
const NEARLY_NOW = 0.95;

/** What readers of the lanes do. */
export function lanesScenarios(test: ScenarioTest): void {
  test('lanes show zones, signals and the legend', { tag: LOOK }, async ({ open }) => {
    const map = await open('lanes');
    await expect(map.rowLabels.first()).toContainText('agent-control');
    await expect(map.rowLabels).toHaveCount(24);
    await expect(map.legend).toContainText('≥ 85');
  });

  test('hovering a cell tells score, band and views', { tag: LOOK }, async ({ open }) => {
    const map = await open('lanes');
    await map.hover({ row: AUTH_FAILURES, share: NEARLY_NOW });
    await expect(map.detail).toContainText(/Score.*Observed.*Expected.*\(4 to 31\).*count/s);
  });

  test('dragging zooms into the time range', async ({ open, rangeOf }) => {
    const map = await open('lanes');
    await map.drag({ row: AUTH_FAILURES, share: 0.25 }, { row: AUTH_FAILURES, share: 0.5 });
    await expect.poll(() => rangeOf(map)).toBeLessThan(0.27 * 6 * 3_600_000);
    expect(await rangeOf(map)).toBeGreaterThan(0.23 * 6 * 3_600_000);
  });

  test('a click offers the data link of the cell', async ({ open }) => {
    const map = await open('lanes');
    await map.click({ row: AUTH_FAILURES, share: NEARLY_NOW });
    await expect(map.links).toHaveAttribute('href', /var-trust_zone=agent-control&var-signal=auth_failures/);
  });

  test('a card has as many links as the cell, also none', async ({ open }) => {
    const none = await open('unlinked');
    await none.click({ row: AUTH_FAILURES, share: NEARLY_NOW });
    await expect(none.detail).toContainText('Score');
    await expect(none.links).toHaveCount(0);
    const several = await open('links');
    await several.click({ row: AUTH_FAILURES, share: NEARLY_NOW });
    await expect(several.links).toHaveText(['Explain in Anomalies', 'Runbook']);
    await expect(several.links.last()).toHaveAttribute('target', '_blank');
  });

  test('a card leads to the documents and the traces of its cell', { tag: LOOK }, async ({ open }) => {
    const map = await open('traces');
    await map.click({ row: AUTH_FAILURES, share: 0.999 });
    await expect(map.detail).toContainText('Trace4bf92f3577b34da6a3ce929d0e0e4736');
    const hrefs = await map.links.evaluateAll((links: Element[]) => links.map(link => link.getAttribute('href')));
    expect(hrefs.slice(1)).toEqual([
      expect.stringMatching(/^https:\/\/kibana\.example\/discover\?q=agent-control auth_failures&from=2026-11-20T11:/),
      'https://tempo.example/4bf92f3577b34da6a3ce929d0e0e4736',
      'https://traces.example/a3ce929d0e0e47364bf92f3577b34da6',
    ]);
  });

  test('the strip tells what happened, and when', async ({ open }) => {
    const map = await open('lanes');
    await map.hoverStrip(1 / 3);
    await expect(map.detail).toContainText('Policy v12 enforced');
    await map.hoverStrip(0.95);
    await expect(map.detail).toContainText('Alert: policy denials in agent-control');
  });

  test('overrides give lanes units, colours and names of their own', async ({ open }) => {
    const map = await open('mixed');
    await expect(map.rowLabels).toHaveText([/data-ingest/, 'Lag of the source', 'share', 'twice']);
    await expect(map.rowValues.nth(2)).toHaveText(/ mins$/);
    await expect(map.rowValues.nth(3)).toHaveText(/%$/);
    await map.hover({ row: 3, share: 0.5 });
    await expect(map.detail).toContainText('Maximum of 2 series');
  });

  test('ten thousand lanes scroll under the header of their zone', async ({ open }) => {
    const map = await open('series');
    await map.picture.hover();
    await map.page.mouse.wheel(0, 3000);
    await expect(map.rowLabels.last()).toContainText('zone-0');
    await map.filter.fill('signal-9999');
    await expect(map.rowLabels).toHaveText([/zone-9/, 'signal-9999']);
  });

  test('the keyboard moves a spoken cursor and opens links', async ({ open }) => {
    const map = await open('lanes');
    await map.grid.focus();
    await map.press('ArrowDown', 'ArrowDown', 'ArrowDown');
    await expect(map.announcement).toContainText(
      /trust zone agent-control, signal policy_decisions, .*highest severity/
    );
    await map.press('Enter');
    await expect(map.links).toBeFocused();
    await map.press('Escape');
    await expect(map.links).toHaveCount(0);
  });

  test('the filter leaves what matches, and says so where nothing does', async ({ open }) => {
    const map = await open('lanes');
    await map.filter.fill('analytics lockouts');
    await expect(map.rowLabels).toHaveCount(2);
    await map.filter.fill('nowhere');
    await expect(map.message).toContainText('Nothing matches "nowhere"');
  });

  test('a zone collapses into one row', async ({ open }) => {
    const map = await open('lanes');
    await map.root.getByRole('button', { name: 'Collapse zone agent-control' }).click();
    await expect(map.rowLabels).toHaveCount(19);
    await expect(map.root.getByRole('button', { name: 'Expand zone agent-control' })).toBeVisible();
  });
}
