import { type DataFrame, FieldColorModeId, FieldType, PanelPlugin, type PanelProps } from '@grafana/data';
import { TimeSeries } from '@grafana/ui';
import * as React from 'react';
import { customOptions } from './custom-options';
import { hasData, NoData } from './no-data';

/** Grafana's own defaults of the panel's look. */
const look = {
  drawStyle: 'line',
  lineInterpolation: 'linear',
  lineWidth: 1,
  fillOpacity: 0,
  showPoints: 'auto',
  pointSize: 5,
  spanNulls: false,
  axisPlacement: 'auto',
  axisGridShow: true,
  gradientMode: 'none',
  barAlignment: 0,
  stacking: { mode: 'none', group: 'A' },
  scaleDistribution: { type: 'linear' },
  thresholdsStyle: { mode: 'off' },
  hideFrom: { viz: false, legend: false, tooltip: false },
};

const looking = (frames: readonly DataFrame[]): DataFrame[] =>
  frames.map(frame => ({
    ...frame,
    fields: frame.fields.map(field => {
      const custom = { ...look, ...field.config.custom };
      return { ...field, config: { ...field.config, custom } };
    }),
  }));

const Lines = ({ data, fieldConfig, options, width, height, timeRange, timeZone }: PanelProps<any>) => {
  const frames = React.useMemo(
    () => looking(data.series.filter(({ fields }) => fields.some(({ type }) => type === FieldType.number))),
    [data.series]
  );
  if (!hasData(frames)) return <NoData fieldConfig={fieldConfig} />;
  return (
    <TimeSeries
      frames={frames}
      structureRev={data.structureRev}
      timeRange={timeRange}
      timeZone={timeZone}
      width={width}
      height={height}
      legend={options.legend}
      options={options}
    />
  );
};

export const timeseries = new PanelPlugin(Lines).useFieldConfig({
  useCustomConfig: customOptions([...Object.keys(look), 'fillBelowTo', 'lineStyle']),
  standardOptions: { color: { defaultValue: { mode: FieldColorModeId.PaletteClassic } } } as any,
});
