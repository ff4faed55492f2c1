import type { PanelModel } from '@grafana/data';
import type { TrustMapOptions } from './options';
import { readOptions } from './read-options';

/**
 * Grafana calls this when a dashboard holds the panel in another version, and when another panel's options are still
 * there after a change of the visualisation: only this panel's options remain, each of them valid.
 */
export const migrateOptions = (panel: PanelModel<Partial<TrustMapOptions>>): TrustMapOptions =>
  readOptions(panel.options);
