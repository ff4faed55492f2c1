import { type ThresholdsConfig, ThresholdsMode } from '@grafana/data';

/**
 * The thresholds of a new panel, for scores of 0 to 100: a base and a blue that step back in both themes, then yellow,
 * orange and red, which the glyphs tell apart where colour does not.
 */
export const defaultThresholds: ThresholdsConfig = {
  mode: ThresholdsMode.Absolute,
  steps: [
    { value: Number.NEGATIVE_INFINITY, color: '#7b87a633' },
    { value: 30, color: '#3f80e073' },
    { value: 50, color: '#f5d033' },
    { value: 75, color: '#f08a24' },
    { value: 90, color: '#c4162a' },
  ],
};
