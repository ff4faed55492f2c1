import { renderedDashboards } from '../../dashboards/definitions/catalogue.ts'

/** What the tests look at in Grafana's Classic JSON. */
export interface GeneratedDashboard {
  readonly uid: string
  readonly editable: boolean
  readonly schemaVersion: number
  readonly graphTooltip: number
  readonly tags: readonly string[]
  readonly links: readonly Readonly<Record<string, unknown>>[]
  readonly annotations: { readonly list: readonly GeneratedAnnotation[] }
  readonly templating: { readonly list: readonly GeneratedVariable[] }
  readonly panels: readonly GeneratedPanel[]
}

export interface GeneratedAnnotation {
  readonly name: string
  readonly datasource: { readonly type: string; readonly uid: string }
  /** Absent where Grafana keeps the annotations itself. */
  readonly expr?: string
  readonly target?: { readonly type: string; readonly tags: readonly string[] }
}

export interface GeneratedVariable {
  readonly name: string
  readonly type: string
  readonly label: string
  readonly [key: string]: unknown
}

export interface GeneratedPanel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description: string
  readonly datasource: { readonly uid: string }
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly options: { readonly mode?: string }
  readonly fieldConfig: {
    readonly defaults: { readonly unit?: string; readonly links?: readonly { readonly url: string }[] }
  }
  readonly targets: readonly { readonly refId: string; readonly expr: string; readonly datasource: { uid: string } }[]
}

export const generated = Object.values(renderedDashboards()).map(text => JSON.parse(text) as GeneratedDashboard)

/** `[dashboard, panel, panel's content]`, for `it.each`. */
export const panels = generated.flatMap(({ uid, panels }) => panels.map(panel => [uid, panel.title, panel] as const))

/** `[dashboard, panel, expression]`; the expressions of annotations among them. */
export const expressions = generated.flatMap(({ uid, panels, annotations }) => [
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [uid, title, expr] as const)),
  ...annotations.list.flatMap(({ name, expr }) => (expr === undefined ? [] : [[uid, name, expr] as const])),
])

/** The expression as Prometheus gets it, every variable set to all. */
export const substituted = (expr: string, { range = '1h', rateInterval = '1m', job = '.+' } = {}): string =>
  expr
    .replaceAll('$__rate_interval', rateInterval)
    .replaceAll('$__range', range)
    .replaceAll('$__interval', rateInterval)
    .replaceAll('"$job"', `"${job}"`)
    .replaceAll(/"\$\w+(\|?)"/g, '".+$1"')
