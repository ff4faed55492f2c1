import { FieldColorModeId, PanelPlugin, type PanelProps } from '@grafana/data';
import { Table } from '@grafana/ui';
import * as React from 'react';
import { customOptions } from './custom-options';
import { hasData, NoData } from './no-data';

const Rows = ({ data, fieldConfig, options, width, height, timeRange }: PanelProps<any>) => {
  const [frame] = data.series;
  if (!hasData(data.series) || frame === undefined) return <NoData fieldConfig={fieldConfig} />;
  return (
    <div data-testid="host table">
      <Table
        data={frame}
        width={width}
        height={height}
        showHeader={options.showHeader}
        cellHeight={options.cellHeight}
        initialSortBy={options.sortBy}
        timeRange={timeRange}
        ariaLabel="table"
      />
    </div>
  );
};

export const table = new PanelPlugin(Rows).useFieldConfig({
  useCustomConfig: customOptions(['align', 'width', 'minWidth', 'cellOptions', 'filterable', 'inspect', 'hidden']),
  standardOptions: { color: { defaultValue: { mode: FieldColorModeId.Thresholds } } } as any,
});
