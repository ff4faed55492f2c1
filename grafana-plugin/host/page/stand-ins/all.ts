/** Grafana's own panels are in no package: these stand in for them, on the parts of @grafana/ui. */
import { stateTimeline } from './state-timeline';
import { stat } from './stat';
import { table } from './table';
import { timeseries } from './timeseries';

export const standIns = { timeseries, stat, table, 'state-timeline': stateTimeline };
