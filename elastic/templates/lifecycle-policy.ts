import { managed } from '../names.ts'

/** How long lines are kept: three months of evidence. A longer one is the operator's to choose. */
const RETENTION = '90d'

export const lifecyclePolicy = {
  policy: {
    phases: {
      hot: { actions: { rollover: { max_primary_shard_size: '50gb', max_age: '30d' } } },
      delete: { min_age: RETENTION, actions: { delete: {} } },
    },
    _meta: managed,
  },
} as const
