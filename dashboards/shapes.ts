/** Defaults of each kind of panel. */
export interface Shape {
  readonly type: string
  readonly height: number
  /** An instant value for each series instead of a range. */
  readonly instant: boolean
  readonly options: Readonly<Record<string, unknown>>
  /** The minimum of the axis. */
  readonly min?: number
  /** Field options that are specific to the panel. */
  readonly custom?: Readonly<Record<string, unknown>>
}

const lastValue = { calcs: ['lastNotNull'], fields: '', values: false }
const tooltip = { mode: 'multi', sort: 'desc' }
const listBelow = { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] }
const tableBeside = {
  displayMode: 'table',
  placement: 'right',
  showLegend: true,
  calcs: ['max'],
  sortBy: 'Max',
  sortDesc: true,
}

export const shapes = {
  lanes: { type: 'clawtrust-trustmap-panel', height: 16, instant: false, options: { mode: 'lanes' } },
  flows: { type: 'clawtrust-trustmap-panel', height: 11, instant: true, options: { mode: 'flows' } },
  /** A few series. */
  lines: {
    type: 'timeseries',
    height: 8,
    instant: false,
    options: { legend: listBelow, tooltip },
    min: 0,
    custom: { lineWidth: 2, fillOpacity: 10, showPoints: 'never' },
  },
  /** The parts of a sum, of which there can be many: the greatest first. */
  parts: {
    type: 'timeseries',
    height: 8,
    instant: false,
    options: { legend: tableBeside, tooltip },
    min: 0,
    custom: { lineWidth: 1, fillOpacity: 70, showPoints: 'never', stacking: { mode: 'normal', group: 'A' } },
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
