import { createTheme } from '@grafana/data';
import { emptyCells } from '../model/cells';
import { laneColumns, laneLayout } from '../model/lane-layout';
import { timeScale } from '../model/time-scale';
import type { PlacedRow } from '../model/rows';
import { type LaneScene, paintLanes } from './lanes';
import { lookOf } from './look';

const look = lookOf(createTheme(), 'highest');
const layout = laneLayout(laneColumns(800, 10), 800, 300, 1, 20);
const grid = { start: 0, bucketMs: 100, count: 4 };

function scene(ranks: number[], marks: LaneScene['marks'] = []): LaneScene {
  const cells = emptyCells(4);
  ranks.forEach((rank, at) => {
    cells.colors[at] = rank < 0 ? 0 : rank === 100 ? 2 : 1;
    cells.ranks[at] = Math.max(0, rank);
  });
  return {
    layout,
    grid,
    scale: timeScale({ from: 0, to: 400 }, layout.plotLeft, layout.plotRight),
    colors: ['transparent', '#00ff00', '#ff0000'],
    overall: emptyCells(4),
    rows: [{ row: { kind: 'lane', cells }, index: 0, y: 0 } as unknown as PlacedRow],
    ticks: [{ time: 200, label: '12:00' }],
    marks,
  };
}

function paint(painted: LaneScene) {
  const context = document.createElement('canvas').getContext('2d')!;
  paintLanes(context, painted, look);
  return { calls: context.__getDrawCalls(), rectangles: rectanglesOf(context) };
}

describe('lanes are painted', () => {
  it('in the colours of their cells, and nothing where there is no value', () => {
    const { rectangles } = paint(scene([0, -1, 100, 100]));
    expect(rectangles.filter(({ color }) => color === '#00ff00')).toHaveLength(1);
    expect(rectangles.filter(({ color }) => color === '#ff0000')).toHaveLength(2);
  });

  it('with a hatch on the highest severity alone', () => {
    const strokes = (ranks: number[]) => paint(scene(ranks)).calls.filter(({ type }) => type === 'stroke').length;
    expect(strokes([0, 0, 0, 0])).toBe(0);
    expect(strokes([0, 0, 0, 100])).toBe(1);
  });

  it('with the labels of the axis', () => {
    expect(
      paint(scene([0]))
        .calls.filter(({ type }) => type === 'fillText')
        .map(({ props }) => props.text)
    ).toEqual(['12:00']);
  });

  it('with a thread where there is no data', () => {
    const threads = (ranks: number[]) =>
      paint(scene(ranks)).rectangles.filter(({ color, height }) => color === look.line && height === 1).length;
    expect(threads([0, -1, 0, 0]) - threads([0, 0, 0, 0])).toBe(1);
  });

  it('with a line for each of few marks, and none that would hide the lanes where there are many', () => {
    const dashed = (count: number) => {
      const marks = Array.from({ length: count }, (_, at) => {
        return { from: at * 10, to: at * 10, kind: 'point', color: undefined } as const;
      });
      return paint(scene([0], marks)).calls.filter(({ type }) => type === 'stroke').length;
    };
    expect([dashed(3), dashed(40)]).toEqual([3, 0]);
  });

  it('with a region inside the plot', () => {
    const region = { from: -1000, to: 100, kind: 'region', color: '#0000ff' } as const;
    const [bar] = paint(scene([0], [region])).rectangles.filter(({ color }) => color === '#0000ff');
    expect(bar?.x).toBe(layout.plotLeft);
  });
});

/** The filled rectangles, with the colour that was set before each. */
function rectanglesOf(
  context: CanvasRenderingContext2D
): Array<{ readonly x: number; readonly height: number; readonly color: unknown }> {
  let color: unknown;
  return context.__getEvents().flatMap(({ type, props }) => {
    if (type === 'fillStyle') color = props.value;
    return type === 'fillRect' ? [{ x: Number(props.x), height: Number(props.height), color }] : [];
  });
}
