import { describe, expect, it } from '@jest/globals'
import { type SignalDefinition, type SignalName, signalNames, signals, UNATTRIBUTED } from '../../core/signals.ts'
import { compileTrustZones, defaultZoneRules } from '../../core/trust-zones.ts'
import { parseQuery } from '../../promql/read.ts'
import { renderedAlerts } from '../alert-rules/rendered.ts'
import { generated, substituted } from '../dashboards/generated.ts'

/** Signals that only a user's rules can attribute, each with the reason in core/signals.ts. */
const unattributed: readonly SignalName[] = ['policy_decisions']

/** True where an expression selects the counter of a signal, or the offenders of that signal alone. */
function watches(expr: string, name: SignalName): boolean {
  return parseQuery(substituted(expr)).selectors.some(
    ({ metric, text }) =>
      metric === signals[name].metric || (metric === 'clawtrust_offender_events' && text.includes(`signal="${name}"`)),
  )
}

describe.each(signalNames)('the signal %s', name => {
  const definition: SignalDefinition = signals[name]
  const alerts = [...renderedAlerts].filter(([, { expr }]) => watches(expr, name)).map(([alert]) => alert)

  it('has a default trust zone', () => {
    const zone = compileTrustZones(defaultZoneRules).zoneOf({ gateway: 'gw', signal: name })
    expect(zone).toBe(definition.trustZone)
    expect(zone === UNATTRIBUTED).toBe(unattributed.includes(name))
  })

  it('has a panel in the dashboard that its definition names', () => {
    const dashboard = generated.find(({ uid }) => uid === `clawtrust-${definition.dashboard}`)
    const expressions = dashboard?.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)) ?? []
    expect(expressions.filter(expr => watches(expr, name))).not.toEqual([])
  })

  it('has an alert that watches it, or a reason for none', () => {
    expect({ alerts: alerts.length > 0, reason: definition.withoutAlert !== undefined }).toEqual({
      alerts: definition.withoutAlert === undefined,
      reason: alerts.length === 0,
    })
  })

  it('words its reason from its own labels', () => {
    const values = Object.fromEntries(Object.keys(definition.labels).map(label => [label, `a ${label}`]))
    const reason = definition.reason(values)
    if (Object.keys(definition.labels).length === 0) expect(reason).toBeUndefined()
    else expect(reason).toMatch(/^a \w+( by a \w+)?$/)
  })
})
