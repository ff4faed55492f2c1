import type { PanelModel } from '@grafana/data';
import type { TrustMapOptions } from './core/options';
import { readOptions } from './core/read-options';

/**
 * Grafana calls this if a dashboard was saved with another version of the panel, and after a change of the
 * visualisation, when the options of the previous panel are still there: only this panel's options remain, each of them
 * valid.
 */
export const migrateOptions = (panel: PanelModel<Partial<TrustMapOptions>>): TrustMapOptions =>
  readOptions(panel.options);
