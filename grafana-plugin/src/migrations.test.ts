import type { PanelModel } from '@grafana/data';
import { migrateOptions } from './migrations';
import { defaultOptions, type TrustMapOptions } from './core/options';

/** Of every option, a value that is not its default. */
const chosen: TrustMapOptions = {
  mode: 'flows',
  sort: 'name',
  labels: { zone: 'team', signal: 'name', source: 'from', destination: 'to', decision: 'verdict' },
  rowHeight: 33,
  cellWidth: 7,
  startCollapsed: true,
  showFilter: false,
  showLegend: false,
  glyphs: 'all',
  documentsLink: 'https://kibana.example/app/discover',
  traceLink: 'https://traces.example/${cell.trace_id}',
};

const migrate = (options: unknown) => migrateOptions({ options } as PanelModel);

describe('migration', () => {
  it('keeps valid options', () => {
    const options = {
      ...defaultOptions,
      mode: 'flows',
      rowHeight: 33,
      labels: { ...defaultOptions.labels, zone: 'team' },
    };
    expect(migrate(options)).toEqual(options);
  });

  it.each(Object.keys(defaultOptions) as (keyof TrustMapOptions)[])('keeps %s, and nothing else follows it', option => {
    expect(chosen[option]).not.toEqual(defaultOptions[option]);
    expect(migrate({ [option]: chosen[option] })).toEqual({ ...defaultOptions, [option]: chosen[option] });
  });

  it('drops what another panel left and fills what is missing', () => {
    expect(migrate({ legend: { showLegend: true }, mode: 'heatmap' })).toEqual(defaultOptions);
    expect(migrate(undefined)).toEqual(defaultOptions);
  });

  it('brings numbers into their bounds', () => {
    expect(migrate({ rowHeight: '4000', cellWidth: -3 })).toMatchObject({ rowHeight: 60, cellWidth: 1 });
  });
});
