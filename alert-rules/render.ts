import { groupingLabels } from '../promql/read.ts'
import {
  type AlertRule,
  type DashboardName,
  dashboardVariables,
  isAlert,
  playbookTargets,
  type RuleGroup,
} from './rule.ts'
import { count } from './text.ts'
import type { Values } from './values.ts'

type Links = Values['links']

/** The groups in Prometheus's format, for a rule file or a PrometheusRule object. */
export function renderGroups(groups: readonly RuleGroup[], links: Links) {
  return groups.map(({ name, dashboard, rules }) => ({
    name,
    rules: rules.map(rule => (isAlert(rule) ? renderAlert(rule, rule.dashboard ?? dashboard, links) : rule)),
  }))
}

/** The object of the Prometheus operator. */
export function renderPrometheusRule(groups: readonly RuleGroup[], links: Links) {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'clawtrust', labels: { 'app.kubernetes.io/name': 'clawtrust' } },
    spec: { groups: renderGroups(groups, links) },
  }
}

function renderAlert(rule: AlertRule, dashboard: DashboardName, links: Links) {
  const { alert, expr, severity, playbook, summary, description, controls, keepFiringFor } = rule
  return {
    alert,
    expr,
    ...(rule.for === undefined ? {} : { for: rule.for }),
    ...(keepFiringFor === undefined ? {} : { keep_firing_for: keepFiringFor }),
    labels: { severity, ...(playbook === undefined ? {} : { playbook }) },
    annotations: {
      summary,
      description,
      runbook_url: `${below(links.runbooks)}${alert}.md`,
      dashboard_url: `${below(links.grafana)}d/clawtrust-${dashboard}${query(dashboard, groupingLabels(expr))}`,
      controls: controls.join(' '),
      // Remediation decides first on those with most, where not all can be decided on.
      ...(playbook !== undefined && playbookTargets[playbook] === 'source_ip' && { events: count }),
    },
  }
}

const below = (address: string): string => address.replace(/\/*$/, '/')

/** Grafana sets its variables from the URL; names of gateways and zones are chosen by the user, so they are escaped. */
function query(dashboard: DashboardName, labels: readonly string[]): string {
  const set = dashboardVariables[dashboard]
    .filter(name => labels.includes(name))
    .map(name => `var-${name}={{ $labels.${name} | urlquery }}`)
  return set.length === 0 ? '' : `?${set.join('&')}`
}
