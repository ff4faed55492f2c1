import { managed, names } from './names.ts'

/** Above the server's own `logs-*-*` (100) and below an operator's. */
const PRIORITY = 250

/** The template of an ordinary index, for servers without data streams. */
export const plainIndexTemplate = {
  index_patterns: [names.pattern],
  priority: PRIORITY,
  composed_of: [names.mappings, names.settings],
  _meta: managed,
} as const

/** The template of the data streams; the operator's `@custom` component overrides ours. */
export const indexTemplate = {
  ...plainIndexTemplate,
  composed_of: [names.mappings, names.settings, names.custom],
  ignore_missing_component_templates: [names.custom],
  data_stream: {},
  allow_auto_create: true,
} as const
