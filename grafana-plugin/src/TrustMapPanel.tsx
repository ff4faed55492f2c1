import { css } from '@emotion/css';
import type { PanelProps } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { useMemo } from 'react';
import { denyRateField } from './display/deny-rate';
import { standingOf } from './display/standing';
import { commonField, legendSteps } from './display/steps';
import { sortByLabels } from './model/labelled';
import { companionRoleOf, isEarlierWindow } from './model/roles';
import { hasNumber, readSeries, type Series } from './model/series';
import type { TrustMapOptions } from './core/options';
import { readOptions } from './core/read-options';
import { testIds } from './core/test-ids';
import { texts } from './core/texts';
import { FlowsView } from './components/flows/FlowsView';
import { LanesView } from './components/lanes/LanesView';
import { Legend, legendHeight, type LegendKey } from './components/Legend';
import { Message, Notice, NOTICE_HEIGHT } from './components/Message';

/** The smallest height with a legend, in pixels. */
const LEGEND_FROM = 160;

const isCompanion = (series: Series) => companionRoleOf(series) !== undefined;

export function TrustMapPanel(props: PanelProps<TrustMapOptions>) {
  const { data, width, height, timeRange, timeZone } = props;
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const options = useMemo(() => readOptions(props.options), [props.options]);
  const { labels } = options;
  const isFlows = options.mode === 'flows';

  const { labelled, lacking } = useMemo(() => {
    const names = isFlows ? [labels.source, labels.destination, labels.decision] : [labels.zone, labels.signal];
    return sortByLabels(readSeries(data.series), names);
  }, [data.series, labels, isFlows]);
  const standing = useMemo(() => {
    const drawn = labelled.filter(series => !(isFlows ? isEarlierWindow : isCompanion)(series));
    const content = { shown: drawn.length, lacking, hasNumbers: drawn.some(hasNumber) };
    return standingOf(data, content, props.fieldConfig.defaults.noValue);
  }, [data, labelled, lacking, isFlows, props.fieldConfig.defaults.noValue]);
  const { field: colouredField, differ } = useMemo(
    () =>
      isFlows
        ? { field: denyRateField(labelled, labels.decision, theme), differ: false }
        : commonField(labelled.filter(one => !isCompanion(one)).map(one => one.field)),
    [isFlows, labelled, labels.decision, theme]
  );
  const steps = useMemo(() => (colouredField ? legendSteps(colouredField, theme) : []), [colouredField, theme]);

  if (standing.kind === 'message' || colouredField === undefined) {
    return <Message text={standing.kind === 'message' ? standing.text : texts.noData} />;
  }
  const hasLegend = options.showLegend && height >= LEGEND_FROM;
  const keys: LegendKey[] = isFlows
    ? ['halves', ...(labelled.some(isEarlierWindow) ? (['new'] as const) : [])]
    : ['empty'];
  const legend = {
    steps,
    keys,
    title: isFlows ? texts.denyRate : texts.severity,
    note: differ ? texts.otherSteps : undefined,
  };
  const legendRoom = hasLegend ? legendHeight(legend, width) : 0;
  const room = height - legendRoom - (standing.notice ? NOTICE_HEIGHT : 0);
  const view = { series: labelled, options, width, height: Math.max(0, room) };
  return (
    <div className={styles.panel} style={{ width, height }} data-testid={testIds.panel}>
      {standing.notice && <Notice text={standing.notice} />}
      {isFlows ? (
        <FlowsView {...view} rateField={colouredField} />
      ) : (
        <LanesView
          {...view}
          annotations={data.annotations}
          range={{ from: timeRange.from.valueOf(), to: timeRange.to.valueOf() }}
          timeZone={timeZone}
          eventBus={props.eventBus}
          onChangeTimeRange={props.onChangeTimeRange}
          replaceVariables={props.replaceVariables}
        />
      )}
      {hasLegend && <Legend {...legend} glyphs={options.glyphs} height={legendRoom} />}
    </div>
  );
}

const getStyles = () => ({
  panel: css({ overflow: 'hidden', position: 'relative' }),
});
