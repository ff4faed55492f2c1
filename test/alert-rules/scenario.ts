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
}

export interface Scenario {
  readonly alert: string
  readonly shapes: readonly Shape[]
  /** Labels of the alert beside severity and playbook. */
  readonly labels: Readonly<Record<string, string>>
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

export const at = (labels: Readonly<Record<string, string>> = {}) => ({ ...place, ...labels })
