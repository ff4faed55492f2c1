import type { FieldOverride } from './field-override.ts'
import { severityColours } from './steps.ts'

/** A column of a table: a label of the series, or the value of a query. */
export interface Column {
  /** `trust_zone`, or `Value`; with several queries `Value #A`. */
  readonly name: string
  readonly title: string
  readonly sort?: 'asc' | 'desc'
  /** Pixels. Default: the columns share the remaining width. */
  readonly width?: number
  readonly unit?: string
  /** In the colour of its threshold, or of its severity. */
  readonly coloured?: 'threshold' | 'severity'
}

/** Orders the columns under their titles, and removes the time, which is the same in all rows. */
export function columnTransformations(columns: readonly Column[], hidden: readonly string[] = []) {
  if (columns.length === 0) return []
  const organize = {
    id: 'organize',
    options: {
      excludeByName: Object.fromEntries(['Time', ...hidden].map(name => [name, true])),
      indexByName: Object.fromEntries(columns.map(({ name }, index) => [name, index])),
      renameByName: Object.fromEntries(columns.map(({ name, title }) => [name, title])),
    },
  }
  const severalQueries = columns.some(({ name }) => name.startsWith('Value #'))
  return severalQueries ? [{ id: 'merge', options: {} }, organize] : [organize]
}

const severityMappings = [
  {
    type: 'value',
    options: Object.fromEntries(Object.entries(severityColours).map(([text, color]) => [text, { color, text }])),
  },
]

/** A cell without a value is a dash: the panel's text without data is about the whole panel. */
const dash = { id: 'noValue', value: '–' }

export const columnOverrides = (columns: readonly Column[]): readonly FieldOverride[] =>
  columns.map(({ title, width, unit, coloured }) => {
    const properties = [
      dash,
      ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
      ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
      ...(coloured === undefined ? [] : [{ id: 'custom.cellOptions', value: { type: 'color-text' } }]),
      ...(coloured === 'severity' ? [{ id: 'mappings', value: severityMappings }] : []),
    ]
    return { matcher: { id: 'byName', options: title }, properties }
  })
