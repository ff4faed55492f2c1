import type { Scenario, Shape } from './scenario.ts'

const OTHER = 'c:9847'

/** The records of a source, a minute, at the replicas; and at one more, whose records are fewer. */
const received = (source: string, kind: string, decoder: string, [near, bad]: readonly [number, number]): Shape[] => {
  const events = {
    series: `clawtrust_events_total{source="${source}",decoder="${decoder}"}`,
    kind: 'counter',
    good: 60,
  } as const
  const info = {
    series: `clawtrust_source_info{source="${source}",kind="${kind}",synthetic="false"}`,
    kind: 'gauge',
    good: 1,
    near: 1,
    bad: 1,
  } as const
  return [
    { ...events, near: 60, bad: 60 },
    { ...events, near, bad, instance: OTHER },
    info,
    { ...info, instance: OTHER },
  ]
}

/** Two replicas that read an index may differ for a while; those to which a sender delivers do not. */
export const replicasDiffer: Scenario = {
  alert: 'ClawtrustReplicasDiffer',
  shapes: [
    ...received('otlp', 'otlp', 'security-event', [59.5, 30]),
    ...received('logs', 'elasticsearch', 'openclaw-file', [30, 30]),
  ],
  labels: { source: 'otlp' },
  value: '900',
  firesAfter: 42,
  resolvesAfter: 46,
}
