/** When a series becomes active and when it rests again; scores from 0 to 100. */
export interface AlertPreset {
  /** Active at once from this score on. */
  readonly enter: number
  /** Active when at least 2 of the last 3 minutes reach this score. */
  readonly twice: number
  /** Resting after 15 minutes in a row below this score. */
  readonly leave: number
}

export const alertPresets = {
  sensitive: { enter: 60, twice: 50, leave: 30 },
  default: { enter: 65, twice: 60, leave: 30 },
  quiet: { enter: 75, twice: 65, leave: 40 },
} as const satisfies Record<string, AlertPreset>

export type AlertPresetName = keyof typeof alertPresets
