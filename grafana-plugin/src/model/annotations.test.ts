import { FieldType, toDataFrame } from '@grafana/data';
import { annotationsAt, marksOf, readAnnotations } from './annotations';

const read = (columns: Record<string, unknown[]>) =>
  readAnnotations([
    toDataFrame({
      fields: Object.entries(columns).map(([name, values]) => ({
        name,
        values,
        type: name.startsWith('time') ? FieldType.time : FieldType.other,
      })),
    }),
  ]);

describe('annotations', () => {
  it('are points, and regions where they end later than they begin', () => {
    const [policy, alert] = read({ time: [100, 200], timeEnd: [100, 300], text: ['Policy v12', 'Alert'] });
    expect(policy).toMatchObject({ from: 100, to: 100, text: 'Policy v12' });
    expect(alert).toMatchObject({ from: 200, to: 300 });
  });

  it('have title, text, tags and colour where the data source tells them', () => {
    const [one] = read({
      time: [1],
      title: ['Deployed'],
      text: ['2026.7.2'],
      tags: [['gateway', 'edge']],
      color: ['red'],
    });
    expect(one).toMatchObject({ text: 'Deployed: 2026.7.2', tags: ['gateway', 'edge'], color: 'red' });
    expect(read({ time: [1], tags: ['a, b'] })[0]?.tags).toEqual(['a', 'b']);
  });

  it('are left out without a time', () => {
    expect(read({ time: [null, Number.NaN, 5], text: ['a', 'b', 'c'] }).map(({ text }) => text)).toEqual(['c']);
    expect(readAnnotations(undefined)).toEqual([]);
  });

  it('are found at their place, within a few pixels', () => {
    const found = read({ time: [100, 200], timeEnd: [null, 300] });
    const textAt = (x: number) => annotationsAt(found, time => time, x, 6).map(({ from }) => from);
    expect([textAt(95), textAt(150), textAt(250), textAt(306)]).toEqual([[100], [], [200], [200]]);
  });

  it('are marks of their own while they can be told apart, and clusters where they cannot', () => {
    const marks = marksOf(read({ time: [100, 105, 200, 109, 300], timeEnd: [null, null, 250, null, null] }), 10);
    expect(marks.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['region', 200, 250],
      ['cluster', 100, 109],
      ['point', 300, 300],
    ]);
  });

  it('are points where they are too short to be seen as regions', () => {
    const marks = marksOf(read({ time: [100, 120], timeEnd: [105, 125] }), 10);
    expect(marks.map(({ kind }) => kind)).toEqual(['point', 'point']);
  });

  it('share a colour in a cluster only where they have the same', () => {
    const colorOf = (...color: string[]) => marksOf(read({ time: [1, 2], color }), 10)[0]?.color;
    expect([colorOf('red', 'red'), colorOf('red', 'blue')]).toEqual(['red', undefined]);
  });
});
