import { cellDetail } from './cell-detail';
import { buildLanes } from './lanes';
import { readSeries } from './series';
import { seriesFrame } from '../testing/frames';

const times = [100, 200, 300, 400];
const lane = { trust_zone: 'a', signal: 's' };
const build = (...frames: Array<ReturnType<typeof seriesFrame>>) =>
  buildLanes({
    series: readSeries(frames),
    labels: { zone: 'trust_zone', signal: 'signal' },
    range: { from: 0, to: 400 },
    maxBuckets: 2,
    paletteOf: () => value => ({ color: 'red', rank: value >= 50 ? 100 : 0 }),
  });
const detail = (model: ReturnType<typeof build>, bucket: number) => cellDetail(model, model.lanes[0]!, bucket, 400);

describe('a cell tells', () => {
  it('its peak with the time and row of the sample, which links are made for', () => {
    const told = detail(build(seriesFrame(lane, times, [1, 90, 2, 3])), 0);
    expect(told).toMatchObject({ time: 200, row: 1, zone: 'a', name: 's' });
    expect(told.peak?.value).toBe(90);
  });

  it('what was observed and expected at that time, by refId or by the name of the metric', () => {
    const told = detail(
      build(
        seriesFrame(lane, times, [1, 90, 2, 3]),
        seriesFrame(lane, times, [5, 6, 7, 8], 'observed'),
        seriesFrame({ ...lane, __name__: 'clawtrust_anomaly_expected' }, times, [1, 2, 3, 4], 'C')
      ),
      0
    );
    expect([told.band.observed?.value, told.band.expected?.value]).toEqual([6, 2]);
  });

  it('the views that speak, the strongest first', () => {
    const view = (name: string, value: number) =>
      seriesFrame({ ...lane, view: name }, times, [value, value, value, value], 'contribution');
    const told = detail(build(seriesFrame(lane, times, [1, 90, 2, 3]), view('shape', 10), view('count', 80)), 0);
    expect(told.views.map(({ name }) => name)).toEqual(['count', 'shape']);
  });

  it('no view that says next to nothing beside the strongest', () => {
    const view = (name: string, value: number) =>
      seriesFrame({ ...lane, view: name }, times, [value, value, value, value], 'contribution');
    const told = detail(build(seriesFrame(lane, times, [1, 90, 2, 3]), view('a', 0), view('b', 80), view('c', 1)), 0);
    expect(told.views.map(({ name }) => name)).toEqual(['b']);
  });

  it('what the expected value consists of, the largest part first, where it is more than one', () => {
    const part = (name: string, value: number) =>
      seriesFrame(
        { ...lane, part: name, __name__: 'clawtrust_anomaly_expected_part' },
        times,
        [value, value, value, value],
        'D'
      );
    const scores = seriesFrame(lane, times, [1, 90, 2, 3]);
    const told = detail(build(scores, part('people', 2), part('job', 40), part('hourly', 0)), 0);
    expect(told.parts.map(({ name, reading }) => [name, reading.value])).toEqual([
      ['job', 40],
      ['people', 2],
    ]);
    expect(detail(build(scores, part('people', 2), part('job', 0)), 0).parts).toEqual([]);
  });

  it('nothing of a time that its companions do not reach', () => {
    const told = detail(
      build(seriesFrame(lane, times, [1, 2, 2, 90]), seriesFrame(lane, [100, 200], [5, 6], 'observed')),
      1
    );
    expect(told.band.observed).toBeUndefined();
  });

  it('nothing of one companion sample that belongs to another time', () => {
    const told = detail(build(seriesFrame(lane, times, [1, 2, 2, 90]), seriesFrame(lane, [100], [5], 'observed')), 1);
    expect(told.band.observed).toBeUndefined();
  });

  it('that it is empty', () => {
    expect(detail(build(seriesFrame(lane, times, [1, 2, null, null])), 1)).toMatchObject({
      peak: undefined,
      row: -1,
      time: 400,
    });
  });
});
