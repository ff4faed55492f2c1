import {
  PanelBuilder,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'

/** The data source that a person chose at the top of the dashboard. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana puts in the variable.
export const dataSource = { type: 'prometheus', uid: '${datasource}' }

export interface Query {
  readonly expr: string
  readonly legend?: string
}

/** A colour from this value on; the lowest step has no value. */
export interface Step {
  readonly value: number | null
  readonly color: string
}

export interface PanelDefinition {
  readonly kind: PanelKind
  readonly title: string
  /** What it shows, and what to do where it looks strange. */
  readonly description: string
  /** Identifier of a unit of Grafana. */
  readonly unit: string
  /** Columns of 24. */
  readonly span: number
  readonly queries: readonly Query[]
  readonly height?: number
  readonly steps?: readonly Step[]
  /** Said where there is no data. */
  readonly noValue?: string
  /** Where a click on a value leads. */
  readonly link?: { readonly title: string; readonly url: string }
}

/** Quiet, then blue, yellow, orange, red: told apart by people who do not see all colours. */
export const scoreSteps: readonly Step[] = [
  { value: null, color: 'transparent' },
  { value: 30, color: 'blue' },
  { value: 50, color: 'yellow' },
  { value: 75, color: 'orange' },
  { value: 90, color: 'red' },
]

/** Anything but 0 is worth a look. */
export const zeroIsGood: readonly Step[] = [
  { value: null, color: 'green' },
  { value: 1, color: 'red' },
]

/** 1 is well, 0 is not. */
export const oneIsGood: readonly Step[] = [
  { value: null, color: 'red' },
  { value: 1, color: 'green' },
]

const neutral: readonly Step[] = [{ value: null, color: 'blue' }]

interface Shape {
  readonly type: string
  readonly height: number
  /** An instant value for each series instead of its course. */
  readonly instant: boolean
  readonly options: Readonly<Record<string, unknown>>
}

const lastValue = { calcs: ['lastNotNull'], fields: '', values: false }

const shapes = {
  lanes: { type: 'clawtrust-trustmap-panel', height: 14, instant: false, options: { mode: 'lanes' } },
  flows: { type: 'clawtrust-trustmap-panel', height: 12, instant: true, options: { mode: 'flows' } },
  timeseries: {
    type: 'timeseries',
    height: 8,
    instant: false,
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  },
  stat: {
    type: 'stat',
    height: 4,
    instant: true,
    options: { colorMode: 'value', graphMode: 'none', textMode: 'auto', reduceOptions: lastValue },
  },
  state: {
    type: 'state-timeline',
    height: 8,
    instant: false,
    options: {
      mergeValues: true,
      showValue: 'never',
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    },
  },
  table: { type: 'table', height: 8, instant: true, options: { showHeader: true, cellHeight: 'sm' } },
} as const satisfies Record<string, Shape>

export type PanelKind = keyof typeof shapes

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
    .options(shape.options)
    .noValue(panel.noValue ?? 'No data in this time')
    .thresholds(thresholds(panel.steps ?? neutral))
    .targets(panel.queries.map((query, index) => target(query, index, panel.kind)))
  if (panel.kind === 'table') builder.withTransformation({ id: 'organize', options: { excludeByName: { Time: true } } })
  if (panel.link !== undefined) builder.fieldConfig(withLink(builder.build().fieldConfig, panel.link))
  return builder
}

function target({ expr, legend }: Query, index: number, kind: PanelKind): DataqueryBuilder {
  const query = new DataqueryBuilder()
    .refId(String.fromCharCode('A'.charCodeAt(0) + index))
    .datasource(dataSource)
    .expr(expr)
    .format(kind === 'table' ? PromQueryFormat.Table : PromQueryFormat.TimeSeries)
  if (legend !== undefined) query.legendFormat(legend)
  return shapes[kind].instant ? query.instant() : query.range()
}

/** The SDK's type of a step knows no null, which the lowest step has in Grafana. */
const thresholds = (steps: readonly Step[]) =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps as unknown as Threshold[])

type FieldConfig = Parameters<PanelBuilder['fieldConfig']>[0]

const withLink = (config: FieldConfig | undefined, link: { title: string; url: string }): FieldConfig => ({
  defaults: { ...config?.defaults, links: [link as never] },
  overrides: config?.overrides ?? [],
})
