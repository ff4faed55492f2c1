import {
  type DataFrame,
  dateTimeFormat,
  FieldColorModeId,
  FieldType,
  formattedValueToString,
  getDisplayProcessor,
  getFieldDisplayName,
  PanelPlugin,
  type PanelProps,
} from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import * as React from 'react';
import { hasData, NoData } from './no-data';

const LABEL = 240;
const AXIS = 20;
const TICKS = 6;

interface Bar {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** Neighbouring samples of one value are one bar, each until the next sample. */
function barsOf(frame: DataFrame, end: number): readonly Bar[] {
  const time = frame.fields.find(({ type }) => type === FieldType.time)?.values ?? [];
  const values = frame.fields.find(({ type }) => type === FieldType.number)?.values ?? [];
  const bars: Bar[] = [];
  time.forEach((from: number, at: number) => {
    const to = time[at + 1] ?? end;
    const last = bars.at(-1);
    if (last?.value === values[at] && last?.to === from) bars[bars.length - 1] = { ...last, to };
    else bars.push({ from, to, value: values[at] });
  });
  return bars;
}

const States = ({ data, fieldConfig, width, height, timeRange, timeZone }: PanelProps<any>) => {
  const theme = useTheme2();
  if (!hasData(data.series)) return <NoData fieldConfig={fieldConfig} />;
  const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  const rows = data.series.filter(frame => frame.length > 0);
  const rowHeight = Math.min(28, (height - AXIS) / rows.length);
  const xOf = (time: number) => LABEL + ((Math.max(from, time) - from) / (to - from)) * (width - LABEL);
  return (
    <svg width={width} height={height} data-testid="host states" style={{ font: '12px Inter, sans-serif' }}>
      {rows.map((frame, row) => {
        const field = frame.fields.find(({ type }) => type === FieldType.number)!;
        const display = field.display ?? getDisplayProcessor({ field, theme, timeZone });
        const y = row * rowHeight;
        return (
          <g key={row}>
            <text x={LABEL - 8} y={y + rowHeight / 2 + 4} textAnchor="end" fill={theme.colors.text.primary}>
              {getFieldDisplayName(field, frame, data.series)}
            </text>
            {barsOf(frame, to).map((bar, at) => (
              <rect
                key={at}
                x={xOf(bar.from)}
                y={y + 2}
                width={Math.max(1, xOf(bar.to) - xOf(bar.from))}
                height={rowHeight - 4}
                fill={display(bar.value).color}
              >
                <title>{formattedValueToString(display(bar.value))}</title>
              </rect>
            ))}
          </g>
        );
      })}
      {Array.from({ length: TICKS }, (_, at) => from + ((at + 0.5) / TICKS) * (to - from)).map(time => (
        <text key={time} x={xOf(time)} y={height - 4} textAnchor="middle" fill={theme.colors.text.secondary}>
          {dateTimeFormat(time, { format: to - from > 86_400_000 ? 'MM/DD HH:mm' : 'HH:mm', timeZone })}
        </text>
      ))}
    </svg>
  );
};

export const stateTimeline = new PanelPlugin(States).useFieldConfig({
  standardOptions: { color: { defaultValue: { mode: FieldColorModeId.Thresholds } } } as any,
});
