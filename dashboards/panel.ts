import {
  PanelBuilder,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import type { FieldOverride } from './field-override.ts'
import { type PanelKind, type Shape, shapes } from './shapes.ts'
import { neutral, type Step } from './steps.ts'
import { type Column, columnOverrides, columnTransformations } from './table.ts'

/** The data source that is selected at the top of the dashboard. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana interpolates the variable.
export const dataSource = { type: 'prometheus', uid: '${datasource}' }

export interface Query {
  readonly expr: string
  readonly legend?: string
  /** Default: A, B, C in order. The trust map reads a query's role from it. */
  readonly refId?: string
}

export interface PanelDefinition {
  readonly kind: PanelKind
  readonly title: string
  /** What the panel shows, and what to do if it looks unusual. */
  readonly description: string
  /** Id of a Grafana unit. */
  readonly unit: string
  /** Width in columns, of 24. */
  readonly span: number
  readonly queries: readonly Query[]
  readonly height?: number
  readonly decimals?: number
  readonly min?: number
  readonly max?: number
  readonly steps?: readonly Step[]
  /** Texts in place of values, each with a colour. */
  readonly words?: Readonly<Record<number, { readonly text: string; readonly color: string }>>
  /** Rewrites the names of series by regular expressions, one after the other, where a legend would be label values. */
  readonly renames?: readonly { readonly regex: string; readonly renamePattern: string }[]
  /** Of a table: its columns from left to right, and the one that it is sorted by. */
  readonly columns?: readonly Column[]
  /** Of a table: hidden fields. */
  readonly hidden?: readonly string[]
  readonly overrides?: readonly FieldOverride[]
  /** The text without data. */
  readonly noValue?: string
  /** The link of every value. */
  readonly link?: { readonly title: string; readonly url: string }
}

export function buildPanel(panel: PanelDefinition): PanelBuilder {
  const shape: Shape = shapes[panel.kind]
  const builder = new PanelBuilder()
    .type(shape.type)
    .title(panel.title)
    .description(panel.description)
    .datasource(dataSource)
    .unit(panel.unit)
    .span(panel.span)
    .height(panel.height ?? shape.height)
    .options(optionsOf(panel, shape))
    .noValue(panel.noValue ?? 'No data in this time')
    .thresholds(thresholds(panel.steps ?? neutral))
    .targets(panel.queries.map((query, index) => target(query, index, panel.kind)))
  if (panel.decimals !== undefined) builder.decimals(panel.decimals)
  const min = panel.min ?? shape.min
  if (min !== undefined) builder.min(min)
  if (panel.max !== undefined) builder.max(panel.max)
  for (const transformation of columnTransformations(panel.columns ?? [], panel.hidden))
    builder.withTransformation(transformation)
  for (const options of panel.renames ?? []) builder.withTransformation({ id: 'renameByRegex', options })
  return builder.fieldConfig(fieldConfigOf(builder, panel, shape))
}

const optionsOf = ({ columns = [] }: PanelDefinition, { options }: Shape) => {
  const sorted = columns.filter(({ sort }) => sort !== undefined)
  if (sorted.length === 0) return options
  return { ...options, sortBy: sorted.map(({ title, sort }) => ({ displayName: title, desc: sort === 'desc' })) }
}

type FieldConfig = Parameters<PanelBuilder['fieldConfig']>[0]

/** Options that the builder does not support. */
function fieldConfigOf(
  builder: PanelBuilder,
  { link, words, overrides = [], columns = [] }: PanelDefinition,
  { custom }: Shape,
): FieldConfig {
  const { defaults } = builder.build().fieldConfig as FieldConfig
  const mappings = words && [{ type: 'value', options: words }]
  const own = { ...defaults, ...(custom && { custom }), ...(mappings && { mappings }), ...(link && { links: [link] }) }
  return { defaults: own, overrides: [...columnOverrides(columns), ...overrides] } as unknown as FieldConfig
}

function target({ expr, legend, refId }: Query, index: number, kind: PanelKind): DataqueryBuilder {
  const query = new DataqueryBuilder()
    .refId(refId ?? String.fromCharCode('A'.charCodeAt(0) + index))
    .datasource(dataSource)
    .expr(expr)
    .format(kind === 'table' ? PromQueryFormat.Table : PromQueryFormat.TimeSeries)
  if (legend !== undefined) query.legendFormat(legend)
  return shapes[kind].instant ? query.instant() : query.range()
}

/** In the SDK's type, a step has no null; in Grafana, the lowest step has. */
const thresholds = (steps: readonly Step[]) =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps as unknown as Threshold[])
