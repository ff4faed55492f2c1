import { createTheme } from '@grafana/data';
import { flowLayout } from '../model/flow-layout';
import { buildFlows } from '../model/flows';
import { readSeries } from '../model/series';
import { defaultOptions } from '../core/options';
import { seriesFrame } from '../testing/frames';
import { paintFlows } from './flows';
import { lookOf } from './look';

const CHARACTER = 7;

/** The texts on the cells of one pair and its totals, with counts of a given length. */
function textsOf(width: number, formatCount: (count: number) => string) {
  const frame = (decision: string, count: number) =>
    seriesFrame({ source_zone: 'a', destination_zone: 'a', decision }, [1], [count]);
  const { labels } = defaultOptions;
  const series = readSeries([frame('allow', 96_000), frame('deny', 278_000)]);
  const matrix = buildFlows({ series, labels, sort: 'name', filter: '' });
  const context = document.createElement('canvas').getContext('2d')!;
  context.measureText = text => ({ width: text.length * CHARACTER }) as TextMetrics;
  const scene = { matrix, layout: flowLayout(width, 300, 1, 1), scroll: { left: 0, top: 0 }, formatCount };
  const palette = () => ({ color: '#ff0000', rank: 100 });
  paintFlows(context, { ...scene, palette }, lookOf(createTheme(), 'highest'));
  return context
    .__getDrawCalls()
    .filter(({ type }) => type === 'fillText')
    .map(({ props }) => props.text)
    .slice(0, 2);
}

describe('the counts of a pair are painted', () => {
  const thousands = (count: number) => `${count / 1000} K`;

  it('allowed left and denied right', () => {
    expect(textsOf(800, thousands)).toEqual(['96 K', '278 K']);
  });

  it('on a narrow panel too', () => {
    expect(textsOf(300, thousands)).toEqual(['96 K', '278 K']);
  });

  it('as dots where they have no room, which tell them from nothing', () => {
    expect(textsOf(300, count => `${count} decisions`)).toEqual(['…', '…']);
  });
});
