import type { StateTransaction } from '../../../service/state/state.ts'

/** A transaction that holds only what a test is about. */
export const transaction = (parts: Partial<StateTransaction>): StateTransaction => ({
  series: [],
  cursors: [],
  minutes: [],
  documents: [],
  blobs: [],
  ...parts,
})

export const counter = (value: number, ...labels: string[]) => ({
  metric: 'clawtrust_auth_failures_total',
  labels,
  value,
})
