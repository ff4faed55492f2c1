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
  /** Pixels that a column without a width keeps when its table is narrow. */
  readonly minWidth?: number
  readonly unit?: string
  /** On the colour of its threshold, or of its severity; Grafana then chooses a text that contrasts in both themes. */
  readonly coloured?: 'threshold' | 'severity'
  /** Texts in place of label values. */
  readonly words?: Readonly<Record<string, string>>
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

/** Values that are shown as other texts, in other colours, or both. */
const mapped = (options: Readonly<Record<string, { readonly text: string; readonly color?: string }>>) => ({
  id: 'mappings',
  value: [{ type: 'value', options }],
})
const severities = mapped(
  Object.fromEntries(Object.entries(severityColours).map(([text, color]) => [text, { color, text }])),
)
const textsOf = (words: Readonly<Record<string, string>>) =>
  mapped(Object.fromEntries(Object.entries(words).map(([value, text]) => [value, { text }])))

const onColour = { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } }

/** A cell without a value is a dash: the panel's text without data is about the whole panel. */
const dash = { id: 'noValue', value: '–' }

export const columnOverrides = (columns: readonly Column[]): readonly FieldOverride[] =>
  columns.map(({ title, width, minWidth, unit, coloured, words }) => {
    const properties = [
      dash,
      ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
      ...(minWidth === undefined ? [] : [{ id: 'custom.minWidth', value: minWidth }]),
      ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
      ...(coloured === undefined ? [] : [onColour]),
      ...(coloured === 'severity' ? [severities] : []),
      ...(words === undefined ? [] : [textsOf(words)]),
    ]
    return { matcher: { id: 'byName', options: title }, properties }
  })
