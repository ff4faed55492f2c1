import { exemplarFrame, seriesFrame } from '../testing/frames';
import { exemplarsIn, readExemplars } from './exemplars';

const labels = { zone: 'trust_zone', signal: 'signal' };
const row = (Time: number, trace_id: string, more: Record<string, string | number> = {}) => ({
  Time,
  trace_id,
  __name__: 'clawtrust_auth_failures_total',
  trust_zone: 'a',
  ...more,
});

describe('exemplars', () => {
  it('are read from the frames of Prometheus, newest first, with the signal of their counter', () => {
    const found = readExemplars([exemplarFrame([row(1, 'one'), row(2, 'two', { span_id: 's' })])], labels);
    expect(found.map(({ time, zone, signal, traceId, spanId }) => [time, zone, signal, traceId, spanId])).toEqual([
      [2, 'a', 'auth_failures', 'two', 's'],
      [1, 'a', 'auth_failures', 'one', undefined],
    ]);
  });

  it('have the signal of their label, where there is one', () => {
    const frame = exemplarFrame([row(1, 'one', { kind: 'drift', __name__: 'other' })]);
    expect(readExemplars([frame], { zone: 'trust_zone', signal: 'kind' })).toMatchObject([{ signal: 'drift' }]);
  });

  it.each([
    ['no trace', row(1, '')],
    ['no zone', row(1, 'one', { trust_zone: '' })],
    ['the name of another metric', row(1, 'one', { __name__: 'http_requests_total' })],
  ])('with %s are left out', (_, one) => {
    expect(readExemplars([exemplarFrame([one])], labels)).toEqual([]);
  });

  it('are in no other frame', () => {
    expect(readExemplars([seriesFrame({ trust_zone: 'a', signal: 's' }, [1], [1])], labels)).toEqual([]);
    expect(readExemplars(undefined, labels)).toEqual([]);
  });

  it('of a cell are the newest of its lane and time, of each trace one, and few', () => {
    const times = [10, 11, 12, 13, 14, 15, 20, 21];
    const frame = exemplarFrame([
      ...times.map(time => row(time, `t${time}`)),
      row(16, 't15'),
      row(17, 'x', { trust_zone: 'b' }),
    ]);
    const cell = exemplarsIn(
      readExemplars([frame], labels),
      { zone: 'a', signal: 'auth_failures' },
      { from: 10, to: 20 }
    );
    expect(cell.map(({ traceId }) => traceId)).toEqual(['t20', 't15', 't14']);
  });
});
