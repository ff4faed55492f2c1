import { type DataFrame, FieldType } from '@grafana/data';

/** An annotation: a policy change, a deployment, an alert. It is a region if `to` is later than `from`. */
export interface Annotation {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly tags: readonly string[];
  readonly color: string | undefined;
}

/**
 * Annotations of the dashboard and of alert states, as Grafana passes them to a panel; rows without a time are left
 * out.
 */
export function readAnnotations(frames: readonly DataFrame[] | undefined): Annotation[] {
  return (frames ?? []).flatMap(frame => {
    const column = (name: string) => frame.fields.find(field => field.name === name)?.values;
    const times = column('time') ?? frame.fields.find(field => field.type === FieldType.time)?.values;
    const [ends, titles, texts, tags, colors] = ['timeEnd', 'title', 'text', 'tags', 'color'].map(column);
    return Array.from({ length: frame.length }, (_, row) => row).flatMap(row => {
      const from: unknown = times?.[row];
      if (typeof from !== 'number' || !Number.isFinite(from)) {
        return [];
      }
      const end: unknown = ends?.[row];
      const words = [titles?.[row], texts?.[row]].filter(word => typeof word === 'string' && word !== '');
      const color: unknown = colors?.[row];
      return [
        {
          from,
          to: typeof end === 'number' && end > from ? end : from,
          text: words.join(': '),
          tags: tagsOf(tags?.[row]),
          color: typeof color === 'string' && color !== '' ? color : undefined,
        },
      ];
    });
  });
}

function tagsOf(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.map(String);
  }
  return typeof value === 'string' && value !== '' ? value.split(',').map(tag => tag.trim()) : [];
}

/** The annotations at a position of the strip, within a few pixels. */
export function annotationsAt(
  annotations: readonly Annotation[],
  xOf: (time: number) => number,
  x: number,
  tolerance: number
): Annotation[] {
  return annotations.filter(({ from, to }) => x >= xOf(from) - tolerance && x <= xOf(to) + tolerance);
}

/** A mark of the strip: a region, a point, or a cluster of points that are too close to be distinguished. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly kind: 'region' | 'point' | 'cluster';
  /** Undefined if no colour was given or the points of a cluster differ. */
  readonly color: string | undefined;
}

/** Regions first; a region shorter than `apartMs` is a point, and points nearer to each other are one cluster. */
export function marksOf(annotations: readonly Annotation[], apartMs: number): Mark[] {
  const isRegion = ({ from, to }: Annotation) => to > from && to - from >= apartMs;
  const regions = annotations
    .filter(isRegion)
    .map(({ from, to, color }): Mark => ({ from, to, kind: 'region', color }));
  const points: Mark[] = [];
  for (const { from, to, color } of annotations.filter(one => !isRegion(one)).sort((a, b) => a.from - b.from)) {
    const last = points.at(-1);
    if (last !== undefined && from - last.to < apartMs) {
      points[points.length - 1] = {
        from: last.from,
        to: Math.max(last.to, to),
        kind: 'cluster',
        color: last.color === color ? color : undefined,
      };
    } else {
      points.push({ from, to, kind: 'point', color });
    }
  }
  return [...regions, ...points];
}
