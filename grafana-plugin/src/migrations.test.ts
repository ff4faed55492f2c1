import type { PanelModel } from '@grafana/data';
import { migrateOptions } from './migrations';
import { defaultOptions } from './options';

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

  it('drops what another panel left and fills what is missing', () => {
    expect(migrate({ legend: { showLegend: true }, mode: 'heatmap' })).toEqual(defaultOptions);
    expect(migrate(undefined)).toEqual(defaultOptions);
  });

  it('brings numbers into their bounds', () => {
    expect(migrate({ rowHeight: '4000', cellWidth: -3 })).toMatchObject({ rowHeight: 60, cellWidth: 1 });
  });
});
