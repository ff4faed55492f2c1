import { readFileSync } from 'node:fs';

// Synthetic panels with the product's metric names and labels, the same at every run.
const TO = Date.UTC(2026, 10, 20, 12);
const zones = ['agent-control', 'analytics', 'data-ingest', 'management-api'];
const signals = ['auth_failures', 'auth_lockouts', 'mtls_handshake_failures', 'policy_decisions', 'posture_drifts'];

/** A number from 0 to 1 by its position: deterministic noise. */
const noise = (a, b) => {
  const x = Math.sin(a * 12.9898 + b * 78.233) * 43758.5453;
  return x - Math.floor(x);
};
const frame = (refId, labels, times, values) => ({
  refId,
  fields: [
    { name: 'Time', type: 'time', values: times, config: {} },
    { name: 'Value', type: 'number', labels, values, config: {} },
  ],
});
const link = {
  title: 'Explain in Anomalies',
  url: '/d/clawtrust-anomalies?var-trust_zone=${__field.labels.trust_zone:percentencode}&var-signal=${__field.labels.signal:percentencode}&time=${__value.time}',
};
const flowLink = {
  title: 'Open policy and flows',
  url: '/d/clawtrust-flows?var-source_zone=${__field.labels.source_zone:percentencode}&var-destination_zone=${__field.labels.destination_zone:percentencode}',
};

function lanes() {
  const times = Array.from({ length: 361 }, (_, at) => TO - (360 - at) * 60_000);
  const frames = [];
  const peaks = {
    '2.0': [250, 320, 78],
    2.4: [260, 300, 60],
    0.3: [330, 361, 97],
    '0.0': [335, 361, 82],
    3.2: [80, 110, 55],
    1.1: [150, 175, 35],
  };
  zones.forEach((trust_zone, z) =>
    signals.forEach((signal, s) => {
      const [start, end, height] = peaks[`${z}.${s}`] ?? [0, 0, 0];
      const gap = z === 1 && s === 4;
      const score = times.map((_, t) =>
        gap && t > 190 && t < 230
          ? null
          : t >= start && t < end
            ? Math.min(100, height + 14 * (noise(t, z) - 0.5))
            : 26 * noise(t + s * 7, z) ** 2
      );
      frames.push(frame('A', { trust_zone, signal }, times, score));
      frames.push(
        frame(
          'observed',
          { trust_zone, signal },
          times,
          score.map(v => (v === null ? null : Math.round(v * 1.4)))
        )
      );
      frames.push(
        frame(
          'expected',
          { trust_zone, signal },
          times,
          times.map(() => 12)
        )
      );
      frames.push(
        frame(
          'lower',
          { trust_zone, signal },
          times,
          times.map(() => 4)
        )
      );
      frames.push(
        frame(
          'upper',
          { trust_zone, signal },
          times,
          times.map(() => 31)
        )
      );
      ['count', 'shape', 'entity'].forEach((view, v) =>
        frames.push(
          frame(
            'contribution',
            { trust_zone, signal, view },
            times,
            score.map(x => (x ?? 0) / (v + 1))
          )
        )
      );
    })
  );
  const annotations = [
    {
      fields: [
        { name: 'time', type: 'time', values: [times[120], times[325]] },
        { name: 'timeEnd', type: 'time', values: [times[120], times[361 - 1]] },
        { name: 'text', type: 'string', values: ['Policy v12 enforced', 'Alert: policy denials in agent-control'] },
        { name: 'color', type: 'string', values: ['#8ab8ff', '#e0303f'] },
      ].map(field => ({ ...field, config: {} })),
    },
  ];
  return {
    title: 'Trust map',
    from: times[0],
    to: TO,
    options: { mode: 'lanes' },
    fieldConfig: { defaults: { decimals: 0, links: [link] }, overrides: [] },
    frames,
    annotations,
  };
}

function flows() {
  const all = [...zones, 'internet', 'unattributed'];
  const frames = [];
  all.forEach((source_zone, a) =>
    all.forEach((destination_zone, b) => {
      if (noise(a, b + 3) < 0.35) return;
      const isIntrusion = a === 4 && b === 3;
      const allow = Math.round(10 ** (1 + 4 * noise(a + 9, b)));
      const deny = isIntrusion
        ? 14 * allow
        : a === 4
          ? Math.round(allow * (1 + 9 * noise(b, a)))
          : Math.round(allow * noise(b, a) ** 3);
      frames.push(frame('A', { source_zone, destination_zone, decision: 'allow' }, [TO], [allow]));
      if (deny > 0) frames.push(frame('A', { source_zone, destination_zone, decision: 'deny' }, [TO], [deny]));
      if (!isIntrusion)
        frames.push(frame('earlier', { source_zone, destination_zone, decision: 'allow' }, [TO], [allow]));
    })
  );
  return {
    title: 'Decisions from zone to zone',
    from: TO - 86_400_000,
    to: TO,
    options: { mode: 'flows' },
    fieldConfig: { defaults: { unit: 'short', decimals: 0, links: [flowLink] }, overrides: [] },
    frames,
  };
}

/** Traces of the newest cell of a lane, as Prometheus's data source sends exemplars, with and without links of its own. */
function traces() {
  const base = lanes();
  const ids = { Tempo: '4bf92f3577b34da6a3ce929d0e0e4736', none: 'a3ce929d0e0e47364bf92f3577b34da6' };
  const exemplars = (time, trace_id, links) => {
    const labels = { __name__: 'clawtrust_auth_failures_total', trust_zone: 'agent-control', trace_id };
    const fields = Object.entries(labels).map(([name, value]) => ({
      name,
      type: 'string',
      values: [value],
      config: {},
    }));
    fields.at(-1).config = { links };
    return {
      name: 'exemplar',
      meta: { custom: { resultType: 'exemplar' } },
      fields: [{ name: 'Time', type: 'time', values: [time], config: {} }, ...fields],
    };
  };
  const tempo = { title: 'Tempo', url: 'https://tempo.example/${__value.raw}' };
  return {
    ...base,
    options: {
      ...base.options,
      documentsLink: 'https://kibana.example/discover?q=${cell.zone} ${cell.signal:raw}&from=${cell.from:date:iso}',
      traceLink: 'https://traces.example/${cell.trace_id}',
    },
    annotations: [
      ...base.annotations,
      exemplars(TO - 30_000, ids.Tempo, [tempo]),
      exemplars(TO - 45_000, ids.none, []),
    ],
  };
}

/** What the exporter counts of documents of Hubble: test/exporter/pipeline/flows.test.ts compares it. */
function hubble() {
  const counted = JSON.parse(readFileSync(new URL('hubble-decisions.json', import.meta.url), 'utf8'));
  return { ...flows(), frames: counted.map(({ count, ...labels }) => frame('A', labels, [TO], [count])) };
}

function many(series, points) {
  const times = Array.from({ length: points }, (_, at) => TO - (points - 1 - at) * 60_000);
  const frames = Array.from({ length: series }, (_, s) =>
    frame(
      'A',
      { trust_zone: `zone-${s % 10}`, signal: `signal-${s}` },
      times,
      times.map((_, t) => 100 * noise(t, s) ** 3)
    )
  );
  return { title: 'Many', from: times[0] - 60_000, to: TO, options: { mode: 'lanes', cellWidth: 1 }, frames };
}

const hostile = () => {
  const names = [
    '<img src=x onerror="window.pwned=1">',
    '\u202Egnp.exe',
    'x'.repeat(5000),
    '"quotes" {braces} ${__from}',
  ];
  return {
    title: 'Hostile',
    from: TO - 3_600_000,
    to: TO,
    options: {},
    frames: names.map((trust_zone, at) =>
      frame('A', { trust_zone, signal: names[(at + 1) % 4] }, [TO - 60_000, TO], [NaN, 95])
    ),
  };
};
const range = from => ({ ...lanes(), from });

/** The lanes with other links on every cell. */
const linked = (...links) => ({ ...lanes(), fieldConfig: { defaults: { decimals: 0, links }, overrides: [] } });

/** Series of other units, of one lane twice, and with another name by an override. */
function mixed() {
  const times = Array.from({ length: 61 }, (_, at) => TO - (60 - at) * 60_000);
  const of = (signal, height) =>
    frame(
      'A',
      { trust_zone: 'data-ingest', signal },
      times,
      times.map((_, t) => height * noise(t, height))
    );
  const override = (signal, ...properties) => ({
    matcher: { id: 'byRegexp', options: `/${signal}/` },
    properties: properties.map(([id, value]) => ({ id, value })),
  });
  return {
    title: 'Mixed',
    from: times[0],
    to: TO,
    options: { mode: 'lanes', sort: 'name' },
    fieldConfig: {
      defaults: { decimals: 0 },
      overrides: [
        override('lag', ['unit', 's'], ['displayName', 'Lag of the source']),
        override('share', ['unit', 'percent'], ['color', { mode: 'continuous-BlYlRd' }]),
      ],
    },
    frames: [of('lag', 400), of('share', 100), of('twice', 20), of('twice', 95)],
  };
}

const cases = {
  lanes,
  flows,
  hubble,
  cells: () => many(50, 1000),
  series: () => many(10_000, 5),
  hostile,
  unlinked: () => linked(),
  links: () => linked(link, { title: 'Runbook', url: 'https://example.org/runbook', targetBlank: true }),
  traces,
  mixed,
  empty: () => ({ ...lanes(), frames: [], annotations: [] }),
  failed: () => ({ ...lanes(), frames: [], error: 'parse error: unexpected end of input' }),
  unlabelled: () => ({ ...lanes(), frames: [frame('A', {}, [TO], [1])] }),
  second: () => range(TO - 1000),
  decade: () => range(TO - 3_650 * 86_400_000),
};
export const caseNames = Object.keys(cases);
export const caseOf = name => cases[name]();
