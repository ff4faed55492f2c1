import { type ThresholdsConfig, ThresholdsMode } from '@grafana/data';

/**
 * The thresholds of a new panel: the severities low, medium, high and critical of clawtrust's scores (0 to 100). The
 * base and the blue step are unobtrusive in both themes; where colour does not distinguish the others, the glyphs do.
 */
export const defaultThresholds: ThresholdsConfig = {
  mode: ThresholdsMode.Absolute,
  steps: [
    { value: Number.NEGATIVE_INFINITY, color: '#7b87a633' },
    { value: 30, color: '#3f80e073' },
    { value: 50, color: '#f5d033' },
    { value: 65, color: '#f08a24' },
    { value: 85, color: '#c4162a' },
  ],
};
