import { getPanelDataSummary } from '@grafana/data';
import { suggestTrustMap } from './suggestions';
import { seriesFrame } from './testing/frames';

const suggested = (labels: Record<string, string>) => {
  const found = suggestTrustMap(getPanelDataSummary([seriesFrame(labels, [1, 2], [3, 4])]));
  return (found ?? []).map(({ options }) => options?.mode);
};

describe('the panel suggests itself', () => {
  it('as lanes where zones and signals are', () => {
    expect(suggested({ trust_zone: 'a', signal: 's' })).toEqual(['lanes']);
  });

  it('as flows where sources, destinations and decisions are', () => {
    expect(suggested({ source_zone: 'a', destination_zone: 'b', decision: 'deny' })).toEqual(['flows']);
  });

  it('not for other data, nor for none', () => {
    expect(suggested({ instance: 'x' })).toEqual([]);
    expect(suggestTrustMap(getPanelDataSummary([]))).toEqual([]);
  });
});
