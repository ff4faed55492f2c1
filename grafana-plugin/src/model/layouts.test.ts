import { flowAt, flowLayout, visibleLines } from './flow-layout';
import { laneColumns, laneLayout } from './lane-layout';
import { draggedSpan, timeScale } from './time-scale';
import { bucketOf, timeGrid } from './time-grid';

describe('the layout of lanes', () => {
  it('lets rows grow to the double where there is room, and scrolls where there is not', () => {
    const columns = laneColumns(800, 20);
    expect(laneLayout(columns, 800, 400, 3, 20).rowHeight).toBe(40);
    const crowded = laneLayout(columns, 800, 400, 2000, 20);
    expect(crowded.rowHeight).toBe(20);
    expect(crowded.rowsHeight).toBe(40_000);
    expect(crowded.rowsBottom).toBeLessThan(400);
  });

  it.each([
    [0, 0],
    [1, 1],
    [60, 30],
    [10_000, 5000],
  ])('has its edges in order at %d by %d', (width, height) => {
    const layout = laneLayout(laneColumns(width, 5000), width, height, 2000, 20);
    expect(layout.plotRight).toBeGreaterThan(layout.plotLeft);
    expect(layout.rowsBottom).toBeGreaterThanOrEqual(layout.rowsTop);
  });
});

describe('the layout of flows', () => {
  it('stands column names upright where they would not fit lying', () => {
    expect(flowLayout(1200, 600, 5, 14).upright).toBe(false);
    expect(flowLayout(600, 400, 40, 14).upright).toBe(true);
  });

  it('finds the cell under a point, scrolled as it is', () => {
    const layout = flowLayout(600, 400, 40, 14);
    const { left, top, cellWidth, cellHeight } = layout;
    expect(flowAt(layout, { left: 0, top: 0 }, left + 1, top + 1)).toEqual({ row: 0, column: 0 });
    expect(flowAt(layout, { left: 3 * cellWidth, top: 2 * cellHeight }, left + 1, top + 1)).toEqual({
      row: 2,
      column: 3,
    });
    expect(flowAt(layout, { left: 0, top: 0 }, left - 1, top + 1)).toBeUndefined();
  });

  it('draws only what the window shows', () => {
    expect(visibleLines(100, 200, 30, 1000)).toEqual([3, 10]);
  });
});

describe('time', () => {
  it('is cut into buckets of whole intervals that a refresh does not shift', () => {
    const grid = timeGrid({ from: 61_000, to: 3_661_000 }, 60_000, 30);
    expect(grid).toEqual({ start: 0, bucketMs: 120_000, count: 31 });
    expect(timeGrid({ from: 121_000, to: 3_721_000 }, 60_000, 30).start).toBe(120_000);
  });

  it('belongs to the bucket that ends with it', () => {
    const grid = { start: 0, bucketMs: 100, count: 3 };
    expect([0, 1, 100, 101, 300, 301, -1].map(time => bucketOf(grid, time))).toEqual([0, 0, 0, 1, 2, -1, -1]);
  });

  it('is dragged in either direction, inside the range, at least a millisecond', () => {
    const range = { from: 0, to: 1000 };
    const scale = timeScale(range, 0, 100);
    expect(draggedSpan(scale, 80, 20, range)).toEqual({ from: 200, to: 800 });
    expect(draggedSpan(scale, -50, 500, range)).toEqual(range);
    expect(draggedSpan(scale, 50, 50, range)).toEqual({ from: 500, to: 501 });
  });
});
