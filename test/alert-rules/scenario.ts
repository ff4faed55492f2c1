/** How a series goes while all is well, just below the threshold, and beyond it. */
export interface Shape {
  /** `name{label="x"}`, without job and instance. */
  readonly series: string
  /**
   * `gauge`: the value. `counter`: its growth a minute. `age`: how many seconds ago the time lies that the gauge tells.
   */
  readonly kind: 'gauge' | 'counter' | 'age'
  readonly good: number
  readonly near: number
  /** null: the series is gone. */
  readonly bad: number | null
  /** A replica that is there whichever others are, and alone has this series. */
  readonly instance?: string
}

export interface Scenario {
  readonly alert: string
  readonly shapes: readonly Shape[]
  /** Labels of the alert beside severity and playbook. */
  readonly labels: Readonly<Record<string, string>>
  /** Who is named as those with most refusals. */
  readonly offenders?: string
  /** What is said of the address of the alert, by databases and threat lists. */
  readonly known?: string
  /** What `$value` reads like in the description. */
  readonly value?: string
  /** Minutes from turning bad until it surely fires, and from turning good until it surely does not. */
  readonly firesAfter: number
  readonly resolvesAfter: number
}

const place = { gateway: 'gw-1', trust_zone: 'agent-control' }
const written = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')

/** One counter that grows by `bad` a minute; `own` are the labels of the alert, `more` those that it sums over. */
export const counter = (
  alert: string,
  metric: string,
  own: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>>,
  [near, bad]: readonly [number, number],
  window: number,
  value?: string,
): Scenario => ({
  alert,
  shapes: [{ series: `${metric}{${written({ ...own, ...more })}}`, kind: 'counter', good: 0, near, bad }],
  labels: own,
  ...(value === undefined ? {} : { value }),
  firesAfter: window + 2,
  resolvesAfter: window + 2,
})

/** One gauge of which three minutes are looked at. */
export const gauge = (
  alert: string,
  metric: string,
  own: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>>,
  [good, near, bad]: readonly [number, number, number],
  value?: string,
  minutes = 3,
): Scenario => ({
  alert,
  shapes: [{ series: `${metric}{${written({ ...own, ...more })}}`, kind: 'gauge', good, near, bad }],
  labels: own,
  ...(value === undefined ? {} : { value }),
  firesAfter: minutes + 2,
  resolvesAfter: minutes + 7,
})

const constant = (series: string): Shape => ({ series, kind: 'gauge', good: 1, near: 1, bad: 1 })

/** What the exporter knows of 203.0.113.9, and of another address. */
const knownOfOffender: readonly Shape[] = [
  'info{source_ip="203.0.113.9",country="DE",asn="64500",as_organization="Example, Inc."}',
  'threat_list{source_ip="203.0.113.9",list="scanners",verdict="benign"}',
  'threat_list{source_ip="203.0.113.9",list="feodo",verdict="malicious"}',
  'threat_list{source_ip="203.0.113.9",list="drop",verdict="malicious"}',
  'info{source_ip="203.0.113.1",country="FR"}',
].map(series => constant(`clawtrust_offender_${series}`))

/** The same where the address of the alert is in databases and on threat lists. */
export const withKnownAddress = (scenario: Scenario): Scenario => ({
  ...scenario,
  shapes: [...scenario.shapes, ...knownOfOffender],
  known:
    ' GeoIP: country DE, AS64500 (Example, Inc.). Threat lists: drop (malicious), feodo (malicious), scanners (benign).',
})

/** The same where the database of countries is the only file. */
export const withKnownCountry = (scenario: Scenario): Scenario => ({
  ...scenario,
  shapes: [...scenario.shapes, constant('clawtrust_offender_info{source_ip="203.0.113.9",country="DE"}')],
  known: ' GeoIP: country DE.',
})

/** The same with addresses that are refused while it is bad, and with those that the exporter sums up. */
export const withOffenders = (scenario: Scenario, signal: string): Scenario => {
  const shape = (source_ip: string, bad: number, zone = place.trust_zone): Shape => {
    const labels = { ...place, trust_zone: zone, source_ip, signal }
    return { series: `clawtrust_offender_events{${written(labels)}}`, kind: 'gauge', good: 0, near: 0, bad }
  }
  return {
    ...scenario,
    shapes: [
      ...scenario.shapes,
      shape('203.0.113.9', 12),
      shape('2001:db8::8', 30),
      shape('203.0.113.7', 0),
      shape('203.0.113.6', 40, 'elsewhere'),
      shape('__overflow__', 99),
      ...knownOfOffender,
      constant('clawtrust_offender_info{source_ip="2001:db8::8",asn="64501"}'),
    ],
    offenders: '2001:db8::8 (30, AS64501), 203.0.113.9 (12, DE, AS64500, on drop, on feodo)',
  }
}

/** The same where the series is active only while it is bad, whatever its score is before. */
export const whileActive = (scenario: Scenario): Scenario => ({
  ...scenario,
  shapes: [
    ...scenario.shapes,
    { series: `clawtrust_anomaly_active{${written(scenario.labels)}}`, kind: 'gauge', good: 0, near: 0, bad: 1 },
  ],
})

export const at = (labels: Readonly<Record<string, string>> = {}) => ({ ...place, ...labels })
