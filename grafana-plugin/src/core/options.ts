/** The two pictures of the panel. */
export type Mode = 'lanes' | 'flows';

/** The order of zones, and of the signals in a zone; in flows, both orders by severity mean most denials first. */
export type Sort = 'worst-now' | 'worst-in-range' | 'name';

/** Which severity steps have a glyph, so that colour is never the only sign. */
export type Glyphs = 'highest' | 'all' | 'none';

/** The labels that rows and columns are read from. */
export interface LabelNames {
  readonly zone: string;
  readonly signal: string;
  readonly source: string;
  readonly destination: string;
  readonly decision: string;
}

export interface TrustMapOptions {
  readonly mode: Mode;
  readonly sort: Sort;
  readonly labels: LabelNames;
  /** Height of a lane in pixels; lanes grow up to twice as high if the panel has room. */
  readonly rowHeight: number;
  /** Minimum width of a cell in pixels: it decides the number of buckets in the time range. */
  readonly cellWidth: number;
  readonly startCollapsed: boolean;
  readonly showFilter: boolean;
  readonly showLegend: boolean;
  readonly glyphs: Glyphs;
  /** Template of the URL of a cell's documents; none if it is empty. */
  readonly documentsLink: string;
  /** Template of the URL of a trace, where the data source has no link to it; none if it is empty. */
  readonly traceLink: string;
}

export const defaultOptions: TrustMapOptions = {
  mode: 'lanes',
  sort: 'worst-now',
  labels: {
    zone: 'trust_zone',
    signal: 'signal',
    source: 'source_zone',
    destination: 'destination_zone',
    decision: 'decision',
  },
  rowHeight: 20,
  cellWidth: 5,
  startCollapsed: false,
  showFilter: true,
  showLegend: true,
  glyphs: 'highest',
  documentsLink: '',
  traceLink: '',
};

/** The closed values and bounds of the options: the option editor and the migration read the same table. */
export const optionLimits = {
  mode: ['lanes', 'flows'],
  sort: ['worst-now', 'worst-in-range', 'name'],
  glyphs: ['highest', 'all', 'none'],
  rowHeight: { min: 8, max: 60 },
  cellWidth: { min: 1, max: 40 },
} as const;
