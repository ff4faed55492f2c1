import { FieldType, toDataFrame } from '@grafana/data';
import { defaultOptions } from '../core/options';
import { buildFlows } from './flows';
import { readSeries } from './series';

const flow = (source_zone: string, destination_zone: string, decision: string, count: number, refId = 'A') =>
  toDataFrame({
    refId,
    fields: [
      { name: 'Value', type: FieldType.number, values: [count], labels: { source_zone, destination_zone, decision } },
    ],
  });
const build = (frames: Array<ReturnType<typeof flow>>) =>
  buildFlows({ series: readSeries(frames), labels: defaultOptions.labels, sort: 'name', filter: '' });

describe('flows', () => {
  it('join the decisions of a pair', () => {
    const matrix = build([flow('a', 'b', 'allow', 30), flow('a', 'b', 'deny', 10), flow('a', 'b', 'ask', 2)]);
    expect(matrix.flowOf(0, 1)).toMatchObject({ allow: 30, deny: 10, denyRate: 25 });
    expect([...matrix.flowOf(0, 1)!.other]).toEqual([['ask', 2]]);
    expect(matrix.total).toMatchObject({ allow: 30, deny: 10 });
  });

  it('leave pairs without traffic empty', () => {
    expect(build([flow('a', 'b', 'allow', 0), flow('b', 'a', 'allow', Number.NaN)]).zones).toEqual([]);
  });

  it('mark pairs that the earlier window has not', () => {
    const matrix = build([
      flow('a', 'b', 'allow', 1),
      flow('b', 'a', 'allow', 1),
      flow('a', 'b', 'allow', 1, 'earlier'),
    ]);
    expect([matrix.flowOf(0, 1)!.isNew, matrix.flowOf(1, 0)!.isNew]).toEqual([false, true]);
  });

  it('mark nothing without an earlier window', () => {
    expect(build([flow('a', 'b', 'deny', 1)]).flowOf(0, 1)!.isNew).toBe(false);
  });
});
