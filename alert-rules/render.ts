import { type AlertRule, isAlert, type RuleGroup } from './rule.ts'
import type { Values } from './values.ts'

type Links = Values['links']

/** The groups as Prometheus reads them, in a rule file or within a PrometheusRule object. */
export function renderGroups(groups: readonly RuleGroup[], links: Links) {
  return groups.map(({ name, rules }) => ({
    name,
    rules: rules.map(rule => (isAlert(rule) ? renderAlert(rule, dashboardOf(name), links) : rule)),
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

function renderAlert(rule: AlertRule, dashboard: string, { runbooks, dashboards }: Links) {
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
      runbook_url: `${runbooks}/${alert}.md`,
      dashboard_url: `${dashboards}/${dashboard}`,
      controls: controls.join(' '),
    },
  }
}

/** Alerts on what happens at the gateways lead to the trust map, the others to what clawtrust tells of itself. */
const dashboardOf = (group: string): string =>
  /authentication|transport|posture|anomaly/.test(group) ? 'clawtrust-trust-map' : 'clawtrust-health'
