import { FieldColorModeId, getFieldDisplayValues, PanelPlugin, type PanelProps, VizOrientation } from '@grafana/data';
import { BigValue, BigValueGraphMode, useTheme2, VizRepeater } from '@grafana/ui';
import * as React from 'react';
import { hasData, NoData } from './no-data';

const Stat = ({ data, fieldConfig, options, width, height, replaceVariables, timeZone }: PanelProps<any>) => {
  const theme = useTheme2();
  if (!hasData(data.series)) return <NoData fieldConfig={fieldConfig} />;
  const values = () =>
    getFieldDisplayValues({
      fieldConfig,
      reduceOptions: options.reduceOptions,
      replaceVariables,
      theme,
      data: data.series,
      timeZone,
      sparkline: options.graphMode === 'area',
    });
  return (
    <div data-testid="host stat">
      <VizRepeater
        getValues={values}
        source={data}
        width={width}
        height={height}
        orientation={VizOrientation.Auto}
        renderValue={({ value: { display, sparkline }, width, height }) => (
          <BigValue
            value={display}
            sparkline={sparkline}
            width={width}
            height={height}
            theme={theme}
            colorMode={options.colorMode}
            graphMode={sparkline ? BigValueGraphMode.Area : BigValueGraphMode.None}
            textMode={options.textMode}
          />
        )}
      />
    </div>
  );
};

export const stat = new PanelPlugin(Stat).useFieldConfig({
  standardOptions: { color: { defaultValue: { mode: FieldColorModeId.Thresholds } } } as any,
});
