import { managed } from './names.ts'

/** Lines are kept for three months. An operator may choose a longer retention. */
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
