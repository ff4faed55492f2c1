/** What a panel without data says: its own "no value", as Grafana has it, in a place that tests find. */
import type { DataFrame, FieldConfigSource } from '@grafana/data';
import * as React from 'react';

export const hasData = (series: readonly DataFrame[]): boolean => series.some(frame => frame.length > 0);

export const NoData = ({ fieldConfig }: { fieldConfig: FieldConfigSource }) => (
  <div data-testid="host no data" style={{ display: 'grid', placeItems: 'center', height: '100%', opacity: 0.7 }}>
    {fieldConfig.defaults.noValue ?? 'No data'}
  </div>
);
