import type { Locator, Page } from '@playwright/test';
import { testIds } from '../../src/core/test-ids';

/** A place in the lanes: a row label by its position, and a share of the time range from 0 (oldest) to 1. */
export interface LanePlace {
  readonly row: number;
  readonly share: number;
}

/** One trust map on a page, whatever shows it: the panel host or a real Grafana. */
export class TrustMap {
  readonly page: Page;
  readonly root: Locator;
  readonly rowLabels: Locator;
  readonly rowValues: Locator;
  readonly legend: Locator;
  readonly grid: Locator;
  readonly announcement: Locator;
  readonly filter: Locator;
  readonly message: Locator;
  readonly notice: Locator;
  readonly picture: Locator;
  /** Lies beside the panel: a card is not cut at the panel's edge. */
  readonly detail: Locator;
  readonly links: Locator;

  constructor(page: Page, root: Locator) {
    this.page = page;
    this.root = root;
    this.rowLabels = root.getByTestId(testIds.rowLabel);
    this.rowValues = root.getByTestId(testIds.rowValue);
    this.legend = root.getByTestId(testIds.legend);
    this.grid = root.getByTestId(testIds.grid);
    this.announcement = root.getByTestId(testIds.announcement);
    this.filter = root.getByTestId(testIds.filter);
    this.message = root.getByTestId(testIds.message);
    this.notice = root.getByTestId(testIds.notice);
    this.picture = root.getByTestId(testIds.lanes).or(root.getByTestId(testIds.flows));
    this.detail = page.getByTestId(testIds.detail);
    this.links = this.detail.getByRole('link');
  }

  /** Either a picture or a sentence: what every state of the data has to come to. */
  async waitUntilShown(): Promise<void> {
    await this.picture.or(this.message).first().waitFor();
  }

  async hover(place: LanePlace): Promise<void> {
    const { x, y } = await this.pointOf(place);
    await this.page.mouse.move(x, y);
  }

  /** The strip of annotations lies above the lanes. */
  async hoverStrip(share: number): Promise<void> {
    const { x } = await this.pointOf({ row: 0, share });
    const { y } = await boxOf(this.picture);
    await this.page.mouse.move(x, y + STRIP_MIDDLE);
  }

  async click(place: LanePlace): Promise<void> {
    const { x, y } = await this.pointOf(place);
    await this.page.mouse.click(x, y);
  }

  async drag(from: LanePlace, to: LanePlace): Promise<void> {
    await this.hover(from);
    await this.page.mouse.down();
    const { x, y } = await this.pointOf(to);
    await this.page.mouse.move(x, y, { steps: 4 });
    await this.page.mouse.up();
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
    }
  }

  /** The cell of a row and column of the flows, by the names of its zones. */
  async clickFlow(source: string, destination: string): Promise<void> {
    const row = await boxOf(this.rowLabels.filter({ hasText: source }));
    const column = await boxOf(this.root.getByTestId(testIds.columnLabel).filter({ hasText: destination }));
    await this.page.mouse.click(column.x + column.width / 2, row.y + row.height / 2);
  }

  /** Cells lie between the row's label and its newest value. */
  private async pointOf({ row, share }: LanePlace): Promise<{ readonly x: number; readonly y: number }> {
    const label = await boxOf(this.rowLabels.nth(row));
    const value = await boxOf(this.rowValues.first());
    const left = label.x + label.width;
    return { x: left + share * (value.x - GAP_BEFORE_VALUE - left), y: label.y + label.height / 2 };
  }
}

const GAP_BEFORE_VALUE = 5;
const STRIP_MIDDLE = 16;

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (box === null) {
    throw new Error(`${locator} is not on the page.`);
  }
  return box;
}
