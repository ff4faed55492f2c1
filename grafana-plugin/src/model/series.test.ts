import { FieldType, toDataFrame } from '@grafana/data';
import { sortByLabels } from './labelled';
import { readSeries, sampleAt, sampleCount } from './series';

const time = { name: 'Time', type: FieldType.time, values: [1000, 2000] };
const labels = { trust_zone: 'a', signal: 's' };
const samples = (frames: Array<Parameters<typeof toDataFrame>[0]>) =>
  readSeries(frames.map(frame => toDataFrame(frame))).map(series => ({
    labels: series.labels,
    samples: Array.from({ length: sampleCount(series) }, (_, at) => sampleAt(series, at, 9000)).map(
      sample => sample && [sample.time, sample.value]
    ),
  }));

describe('series are read', () => {
  it('from a frame each, as Prometheus sends them', () => {
    expect(samples([{ fields: [time, { name: 'Value', type: FieldType.number, values: [1, 2], labels }] }])).toEqual([
      {
        labels,
        samples: [
          [1000, 1],
          [2000, 2],
        ],
      },
    ]);
  });

  it('from the columns of a wide frame', () => {
    const column = (signal: string) => ({
      name: signal,
      type: FieldType.number,
      values: [1, 2],
      labels: { trust_zone: 'a', signal },
    });
    expect(samples([{ fields: [time, column('x'), column('y')] }]).map(one => one.labels.signal)).toEqual(['x', 'y']);
  });

  it('from the text columns of a long frame or a table', () => {
    const [a, b] = samples([
      {
        fields: [
          time,
          { name: 'trust_zone', type: FieldType.string, values: ['a', 'b'] },
          { name: 'signal', type: FieldType.string, values: ['s', 's'] },
          { name: 'score', type: FieldType.number, values: [5, 6] },
        ],
      },
    ]);
    expect(a).toEqual({ labels, samples: [[1000, 5]] });
    expect(b).toEqual({ labels: { trust_zone: 'b', signal: 's' }, samples: [[2000, 6]] });
  });

  it('from an instant frame without times, which tells of the end of the range', () => {
    expect(samples([{ fields: [{ name: 'Value', type: FieldType.number, values: [7], labels }] }])).toEqual([
      { labels, samples: [[9000, 7]] },
    ]);
  });

  it('with gaps where there is no number or no time', () => {
    const broken = { name: 'Time', type: FieldType.time, values: [1000, null, 3000, Number.NaN] };
    const values = [null, 2, Number.NaN, 4];
    expect(samples([{ fields: [broken, { name: 'v', type: FieldType.number, values, labels }] }])[0]?.samples).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

it('series without a label are counted by the first that they lack', () => {
  const of = (labels: Record<string, string>) =>
    readSeries([toDataFrame({ fields: [{ name: 'v', type: FieldType.number, values: [1], labels }] })])[0]!;
  const sorted = sortByLabels(
    [of(labels), of({ signal: 's' }), of({}), of({ trust_zone: 'a' })],
    ['trust_zone', 'signal']
  );
  expect(sorted.labelled).toHaveLength(1);
  expect([...sorted.lacking]).toEqual([
    ['trust_zone', 2],
    ['signal', 1],
  ]);
});
