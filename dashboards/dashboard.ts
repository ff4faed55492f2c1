import {
  AnnotationQueryBuilder,
  AnnotationTargetBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { buildPanel, dataSource, type PanelDefinition } from './panel.ts'
import { ofDomain, ofJob } from './promql.ts'

export interface DashboardDefinition {
  /** File name, and the uid after `clawtrust-`: it never changes. */
  readonly name: string
  readonly title: string
  readonly description: string
  readonly panels: readonly PanelDefinition[]
  readonly variables: readonly VariableDefinition[]
  /** Annotations in addition to those of every dashboard. */
  readonly annotations?: readonly AnnotationDefinition[]
}

export interface AnnotationDefinition {
  readonly name: string
  readonly color: string
  /** PromQL that has a value during the annotation. */
  readonly expr: string
  /** A template: labels in double braces are replaced. */
  readonly text: string
}

export interface VariableDefinition {
  readonly name: string
  readonly label: string
  /** PromQL of `label_values`. */
  readonly query: string
}

const EVENTS = '{__name__=~"clawtrust_(anomaly_samples_seen|(auth|policy|posture|mtls).+_total)",job=~"$job"}'

export const jobVariable: VariableDefinition = {
  name: 'job',
  label: 'Job',
  query: 'label_values(clawtrust_build_info, job)',
}

export const domainVariables: readonly VariableDefinition[] = [
  jobVariable,
  { name: 'gateway', label: 'Gateway', query: `label_values(${EVENTS}, gateway)` },
  { name: 'trust_zone', label: 'Trust zone', query: `label_values(${EVENTS}, trust_zone)` },
]

/**
 * Possible causes of a change of behaviour: drawn over every panel, of the selected gateways and zones if the dashboard
 * has these variables.
 */
const annotations = (selected: string): readonly AnnotationDefinition[] => [
  {
    name: 'Configuration and plugin changes',
    color: 'blue',
    expr: `max by (gateway, trust_zone, kind) (increase(clawtrust_posture_drifts_total{${selected},kind=~"config_write|config_reload|plugin_.+"}[2m])) > 0`,
    text: '{{kind}} at {{gateway}}, {{trust_zone}}',
  },
  {
    name: 'Remediation actions',
    color: 'orange',
    expr: `max by (action, mode, result) (increase(clawtrust_remediation_actions_total{${ofJob}}[2m])) > 0`,
    text: '{{action}} in mode {{mode}}: {{result}}',
  },
]

/** Deployments are in no log: a pipeline posts them to Grafana's own annotations, with this tag. */
const deployments = () =>
  new AnnotationQueryBuilder()
    .name('Deployments')
    .datasource({ type: 'grafana', uid: '-- Grafana --' })
    .enable(true)
    .iconColor('purple')
    .target(tagged(new AnnotationTargetBuilder().type('tags').tags(['deployment']).matchAny(false).limit(100)))

/** The builder's type has the targets of other data sources, but not that of Grafana's own. */
const tagged = (target: AnnotationTargetBuilder) => target as unknown as Parameters<AnnotationQueryBuilder['target']>[0]

/** The dashboard as Grafana's Classic JSON. */
export function buildDashboard(definition: DashboardDefinition): Dashboard {
  const builder = new DashboardBuilder(`clawtrust / ${definition.title}`)
    .uid(`clawtrust-${definition.name}`)
    .description(definition.description)
    .tags(['clawtrust'])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-24h', to: 'now' })
    .refresh('1m')
    .link(
      new DashboardLinkBuilder('clawtrust')
        .type(DashboardLinkType.Dashboards)
        .tags(['clawtrust'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    )
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
  for (const variable of definition.variables) builder.withVariable(queryVariable(variable))
  const choosesDomain = definition.variables.some(({ name }) => name === 'gateway')
  const marked = [...annotations(choosesDomain ? ofDomain : ofJob), ...(definition.annotations ?? [])]
  for (const { name, color, expr, text } of marked) {
    builder.annotation(
      new AnnotationQueryBuilder()
        .name(name)
        .datasource(dataSource)
        .enable(true)
        .iconColor(color)
        .expr(expr)
        .step('60s')
        .titleFormat(name)
        .textFormat(text),
    )
  }
  builder.annotation(deployments())
  for (const panel of definition.panels) builder.withPanel(buildPanel(panel))
  return finish(builder.build())
}

const queryVariable = ({ name, label, query }: VariableDefinition) =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(dataSource)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ selected: true, text: ['All'], value: ['$__all'] })

/** Corrects the output of the builders: ids of panels, placement of links, keys of other kinds of variables. */
function finish(dashboard: Dashboard): Dashboard {
  const panels = (dashboard.panels ?? []).map((panel, index) => ({ ...(panel as Panel), id: index + 1 }))
  const list = dashboard.templating?.list?.map(variable => {
    const { auto: _, auto_min: _min, auto_count: _count, ...own } = variable as unknown as Record<string, unknown>
    if (own.type !== 'datasource') return own
    const { multi: _multi, includeAll: _all, allowCustomValue: _custom, ...source } = own
    return source
  })
  const links = dashboard.links?.map(({ placement: _, ...link }) => link)
  const notes = dashboard.annotations?.list?.map(({ placement: _, ...note }) => note)
  return { ...dashboard, panels, templating: { list }, links, annotations: { list: notes } } as unknown as Dashboard
}
