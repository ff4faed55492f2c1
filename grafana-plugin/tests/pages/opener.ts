import type { TestType } from '@playwright/test';
import type { TrustMap } from './trust-map';

/** Marks the tests whose result the theme could change: the light theme runs these alone. */
export const LOOK = '@look';

/** What scenarios need of a place that shows the panel: tests/host and tests/grafana each bring it. */
export interface Opener {
  /** Opens a case of host/cases.mjs by its name. */
  readonly open: (name: string) => Promise<TrustMap>;
  /** Length of the dashboard's time range in milliseconds. */
  readonly rangeOf: (map: TrustMap) => Promise<number>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each place has further fixtures of its own
export type ScenarioTest = TestType<Opener & Record<string, any>, any>;
