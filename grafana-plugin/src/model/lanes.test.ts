import { FieldType, toDataFrame } from '@grafana/data';
import type { Cells } from './cells';
import { groupLanes } from './groups';
import { buildLanes } from './lanes';
import type { Palette } from './palette';
import { readSeries } from './series';

const palette: Palette = value => ({ color: value >= 50 ? 'red' : 'grey', rank: value >= 50 ? 100 : 0 });
const labels = { zone: 'trust_zone', signal: 'signal' };

const frame = (zone: string, signal: string, times: number[], values: Array<number | null>, refId = 'A') =>
  toDataFrame({
    refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: times },
      { name: 'Value', type: FieldType.number, values, labels: { trust_zone: zone, signal } },
    ],
  });

/** The frame with the step that Prometheus states for its samples. */
function stepped(one: ReturnType<typeof frame>, interval: number) {
  one.fields[0]!.config.interval = interval;
  return one;
}

const build = (frames: Array<ReturnType<typeof frame>>, maxBuckets = 100, to = 400) =>
  buildLanes({ series: readSeries(frames), labels, range: { from: 0, to }, maxBuckets, paletteOf: () => palette });

describe('lanes', () => {
  it('keep the peak of a bucket', () => {
    const { lanes, grid } = build([frame('a', 's', [100, 200, 300, 400], [1, 90, 2, 3])], 2);
    expect(grid).toEqual({ start: 0, bucketMs: 200, count: 2 });
    expect([...lanes[0]!.cells.values]).toEqual([90, 3]);
  });

  it('leave gaps and NaN empty', () => {
    const { lanes } = build([frame('a', 's', [100, 200, 300, 400], [1, null, Number.NaN, 0])]);
    expect([...lanes[0]!.cells.colors].map(color => color > 0)).toEqual([true, false, false, true]);
  });

  it('give +Inf the highest step', () => {
    const { lanes } = build([frame('a', 's', [100, 200], [1, Number.POSITIVE_INFINITY])]);
    expect(lanes[0]!.peak?.rank).toBe(100);
  });

  it('show series of one zone and signal as their maximum', () => {
    const { lanes } = build([frame('a', 's', [100, 200], [1, 2]), frame('a', 's', [100, 200], [7, 1])]);
    expect(lanes).toHaveLength(1);
    expect([...lanes[0]!.cells.values].slice(0, 2)).toEqual([7, 2]);
  });

  it('take explaining series out of the picture', () => {
    const model = build([frame('a', 's', [100, 200], [1, 2]), frame('a', 's', [100, 200], [7, 7], 'expected')]);
    expect([...model.lanes[0]!.cells.values].slice(0, 2)).toEqual([1, 2]);
    expect(model.companions.size).toBe(1);
  });

  it('count an ended series as not current', () => {
    const times = Array.from({ length: 10 }, (_, at) => (at + 1) * 100);
    const model = build([frame('a', 'ended', [100, 200], [1, 99]), frame('a', 's', times, times)], 100, 1000);
    expect(model.lanes.map(lane => lane.now?.value)).toEqual([undefined, 1000]);
  });

  const filled = (cells: Cells) => [...cells.colors].filter(color => color > 0).length;

  it('fill the whole range from samples without a time', () => {
    const fields = [{ name: 'Value', type: FieldType.number, values: [60], labels: { trust_zone: 'a', signal: 's' } }];
    const { grid, lanes } = build([toDataFrame({ fields })]);
    expect(grid.count).toBe(1);
    expect(filled(lanes[0]!.cells)).toBe(1);
    expect(lanes[0]!.peak?.rank).toBe(100);
  });

  it('give one sample one cell, as long as the step that the data source states', () => {
    const { grid, lanes } = build([stepped(frame('a', 's', [300], [60]), 100)]);
    expect(grid).toEqual({ start: 0, bucketMs: 100, count: 4 });
    expect([...lanes[0]!.cells.values]).toEqual([Number.NaN, Number.NaN, 60, Number.NaN]);
  });

  it('give one sample without a stated step the narrowest cell', () => {
    const { grid, lanes } = build([frame('a', 's', [300], [60])]);
    expect(grid.count).toBe(100);
    expect(filled(lanes[0]!.cells)).toBe(1);
    expect(lanes[0]!.cells.values[74]).toBe(60);
  });

  it('give two samples far apart one cell each, where the step is stated', () => {
    const { lanes } = build([stepped(frame('a', 's', [20, 400], [60, 60]), 20)]);
    expect(filled(lanes[0]!.cells)).toBe(2);
  });
});

describe('groups', () => {
  const frames = [
    frame('b', 'was-bad', [100, 200], [99, 1]),
    frame('a', 'calm', [100, 200], [1, 2]),
    frame('c', 'is-bad', [100, 200], [1, 99]),
  ];
  const zones = (sort: 'worst-now' | 'worst-in-range' | 'name', filter = '') =>
    groupLanes(build(frames).lanes, 4, sort, filter).map(group => group.zone);

  it('come in the order asked for', () => {
    expect(zones('worst-now')).toEqual(['c', 'b', 'a']);
    expect(zones('worst-in-range')).toEqual(['c', 'b', 'a']);
    expect(zones('name')).toEqual(['a', 'b', 'c']);
  });

  it('are filtered by every word, in zone or signal', () => {
    expect(zones('name', 'BAD')).toEqual(['b', 'c']);
    expect(zones('name', 'c bad')).toEqual(['c']);
  });
});
