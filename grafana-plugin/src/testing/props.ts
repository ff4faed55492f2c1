import {
  type DataFrame,
  dateTime,
  EventBusSrv,
  getDefaultTimeRange,
  LoadingState,
  type PanelData,
  type PanelProps,
} from '@grafana/data';
import { defaultOptions, type TrustMapOptions } from '../core/options';

/** Props as Grafana passes them to the panel, for a range of one second from the epoch. */
export function propsOf(
  series: DataFrame[],
  options: Partial<TrustMapOptions> = {},
  data: Partial<PanelData> = {},
  more: Partial<PanelProps<TrustMapOptions>> = {}
) {
  const timeRange = { ...getDefaultTimeRange(), from: dateTime(0), to: dateTime(1000) };
  return {
    data: { series, state: LoadingState.Done, timeRange, ...data },
    timeRange,
    timeZone: 'utc',
    width: 800,
    height: 400,
    options: { ...defaultOptions, ...options },
    fieldConfig: { defaults: {}, overrides: [] },
    eventBus: new EventBusSrv(),
    onChangeTimeRange: () => undefined,
    replaceVariables: (text: string) => text,
    ...more,
  } as unknown as PanelProps<TrustMapOptions>;
}

/** What Grafana passes if a query failed. */
export const failedWith = (message: string): Partial<PanelData> => ({
  state: LoadingState.Error,
  errors: [{ message }],
});
