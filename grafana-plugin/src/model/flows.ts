import type { Field } from '@grafana/data';
import type { LabelNames, Sort } from '../core/options';
import { matchesFilter } from './groups';
import { isEarlierWindow } from './roles';
import { sampleAt, sampleCount, type Series } from './series';

/** The decisions from one zone to another, or of a whole row or column. */
export interface Flow {
  readonly allow: number;
  readonly deny: number;
  /** Other decisions, such as `ask` and `audit`, by name. */
  readonly other: ReadonlyMap<string, number>;
  /** Share of denied in allowed and denied decisions, in percent; undefined if there were none of either. */
  readonly denyRate: number | undefined;
  /** No decision of this pair in the earlier window. */
  readonly isNew: boolean;
  /** The field that the pair gets its links from: that of the denials if there are any. Totals have none. */
  readonly field: Field | undefined;
  readonly row: number;
}

export interface FlowMatrix {
  /** Rows and columns alike. */
  readonly zones: readonly string[];
  readonly flowOf: (source: number, destination: number) => Flow | undefined;
  readonly sourceTotals: readonly Flow[];
  readonly destinationTotals: readonly Flow[];
  readonly total: Flow;
  /** Counts are shown in this field's unit. */
  readonly countField: Field | undefined;
}

class Tally {
  allow = 0;
  deny = 0;
  readonly other = new Map<string, number>();
  field: Field | undefined;
  row = -1;

  add(decision: string, count: number): void {
    if (decision === 'allow' || decision === 'deny') {
      this[decision] += count;
    } else {
      this.other.set(decision, (this.other.get(decision) ?? 0) + count);
    }
  }

  /** Links come from the denials if there are any: a denied flow is what an operator investigates. */
  linkTo(decision: string, field: Field, row: number): void {
    if (this.field === undefined || decision === 'deny') {
      this.field = field;
      this.row = row;
    }
  }

  flow(isNew: boolean): Flow {
    const decided = this.allow + this.deny;
    const denyRate = decided > 0 ? (100 * this.deny) / decided : undefined;
    const { allow, deny, other, field, row } = this;
    return { allow, deny, other, denyRate, isNew, field, row };
  }
}

const pairKey = (source: string, destination: string) => JSON.stringify([source, destination]);

export interface FlowQuestion {
  /** Series with all three labels. */
  readonly series: readonly Series[];
  readonly labels: LabelNames;
  readonly sort: Sort;
  readonly filter: string;
}

/** Series of one pair and decision are summed; a series' count is its last number. */
export function buildFlows({ series, labels, sort, filter }: FlowQuestion): FlowMatrix {
  const { now, earlier } = sortOut(series, labels);
  const pairs = new Map<string, Tally>();
  const bySource = new Map<string, Tally>();
  const byDestination = new Map<string, Tally>();
  const total = new Tally();
  for (const { source, destination, decision, count, field, row } of now) {
    if (!matchesFilter(filter, source, destination)) {
      continue;
    }
    const pair = tallyOf(pairs, pairKey(source, destination));
    pair.linkTo(decision, field, row);
    for (const tally of [pair, tallyOf(bySource, source), tallyOf(byDestination, destination), total]) {
      tally.add(decision, count);
    }
  }

  const denials = (zone: string) => (bySource.get(zone)?.deny ?? 0) + (byDestination.get(zone)?.deny ?? 0);
  const byName = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });
  const zones = [...new Set([...bySource.keys(), ...byDestination.keys()])].sort(
    sort === 'name' ? byName : (a, b) => denials(b) - denials(a) || byName(a, b)
  );
  const known = earlier.size > 0;
  const totalOf = (tallies: ReadonlyMap<string, Tally>) =>
    zones.map(zone => (tallies.get(zone) ?? new Tally()).flow(false));
  const flows = new Map([...pairs].map(([key, tally]) => [key, tally.flow(known && !earlier.has(key))]));
  return {
    zones,
    flowOf: (source, destination) => flows.get(pairKey(zones[source] ?? '', zones[destination] ?? '')),
    sourceTotals: totalOf(bySource),
    destinationTotals: totalOf(byDestination),
    total: total.flow(false),
    countField: now[0]?.field,
  };
}

function tallyOf(tallies: Map<string, Tally>, key: string): Tally {
  let tally = tallies.get(key);
  if (tally === undefined) {
    tally = new Tally();
    tallies.set(key, tally);
  }
  return tally;
}

interface Count {
  readonly source: string;
  readonly destination: string;
  readonly decision: string;
  readonly count: number;
  readonly field: Field;
  readonly row: number;
}

function sortOut(series: readonly Series[], labels: LabelNames) {
  const now: Count[] = [];
  const earlier = new Set<string>();
  for (const one of series) {
    const last = lastCount(one);
    if (last === undefined || last.value <= 0 || !Number.isFinite(last.value)) {
      continue;
    }
    const source = one.labels[labels.source] ?? '';
    const destination = one.labels[labels.destination] ?? '';
    if (isEarlierWindow(one)) {
      earlier.add(pairKey(source, destination));
    } else {
      const decision = one.labels[labels.decision] ?? '';
      now.push({ source, destination, decision, count: last.value, field: one.field, row: last.row });
    }
  }
  return { now, earlier };
}

function lastCount(series: Series) {
  for (let at = sampleCount(series) - 1; at >= 0; at--) {
    const sample = sampleAt(series, at, 0);
    if (sample !== undefined) {
      return sample;
    }
  }
  return undefined;
}
