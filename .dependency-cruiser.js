/**
 * The rules of the house. docs/architecture.md has the tables made from `rooms` and `floors`; each rule is seen to bite in
 * test/structure/dependency-rules.test.ts. Circles of folders are found by test/structure/folder-circles.test.ts.
 */

/**
 * The rooms of the product, the lowest first: what each holds and which other rooms it may import. Those that are not
 * shipped make files that are, so they may use development dependencies.
 */
export const rooms = [
  {
    name: 'core',
    holds: 'events, the signal catalogue, trust zones, errors, configuration primitives; pure',
    imports: [],
  },
  {
    name: 'service',
    holds:
      'series, exposition, HTTP, the bounded HTTP client, SQLite, state, delivery of requests, databases and lists about addresses, secrets, logging',
    imports: ['core'],
  },
  {
    name: 'decoding',
    holds: 'records in, claims out: dialects, envelopes, and the toolkit that they share; pure',
    imports: ['core'],
  },
  {
    name: 'promql',
    holds: 'builds PromQL expressions and reads them; for rules, dashboards and evidence',
    imports: ['core'],
  },
  {
    name: 'exporter',
    holds: 'sources, pipeline, detection, web',
    imports: ['core', 'service', 'decoding'],
  },
  {
    name: 'remediation',
    holds: 'intake, decision, steps, responder, store, page',
    imports: ['core', 'service', 'decoding'],
  },
  {
    name: 'compliance',
    holds: 'controls, evidence, the model of a report, its forms, integrity, schedule',
    imports: ['core', 'service', 'decoding', 'promql'],
  },
  {
    name: 'policy',
    holds: 'the language of allow-lists and what it means',
    imports: ['core', 'service', 'decoding'],
  },
  {
    name: 'elastic',
    holds: 'what Elasticsearch is given (templates, pipeline, roles), the check of it, configurations of shippers',
    imports: ['core', 'service', 'decoding'],
  },
  {
    name: 'alert-rules',
    holds: 'rules as data, one file a group; rendered for Prometheus, its operator and Alertmanager',
    imports: ['core', 'promql'],
    isShipped: false,
  },
  {
    name: 'dashboards',
    holds: 'definitions, one file a dashboard, and the JSON made from them',
    imports: ['core', 'promql'],
    isShipped: false,
  },
  {
    name: 'cli',
    holds: 'composition, and one thin file a command',
    imports: ['core', 'service', 'decoding', 'exporter', 'remediation', 'compliance', 'policy', 'elastic'],
  },
]

const ROOMS = rooms.map(({ name }) => name).join('|')
const SHIPPED_ROOMS = rooms
  .filter(({ isShipped = true }) => isShipped)
  .map(({ name }) => name)
  .join('|')

/**
 * The folders of a part, the lowest first, and what each holds: none imports a later one. Files beside the folders are above
 * them all.
 */
export const floors = {
  exporter: [
    {
      name: 'contracts',
      holds: 'source, kind of source, event subscriber, persistent; types and the definition of a kind, nothing else',
    },
    { name: 'sources', holds: 'one folder for each kind of source, and the registry of them' },
    {
      name: 'enrichment',
      holds:
        'what files of others say about offenders: databases and threat lists (readers in `service/geoip/` and `service/threat-lists/`), and its series',
    },
    { name: 'pipeline', holds: 'from claims to events, counters, minutes and derived signals; the committer' },
    {
      name: 'detection',
      holds: '`model/` (the scorers: pure), their host, episodes, metrics, `feedback/` of operators',
    },
    {
      name: 'web',
      holds: '`stats/` (subscribers that the page reads), `page/` (model, charts, sections), `api/` (routes)',
    },
  ],
  remediation: [
    { name: 'domain', holds: 'alert, incident, block, playbook, step, evidence, limits; plain data' },
    { name: 'metrics', holds: 'what the service exposes of itself' },
    {
      name: 'store',
      holds: 'the database: incidents, steps, blocks, outbox, operator commands, seen alerts, breaker, the audit trail',
    },
    {
      name: 'enrichment',
      holds:
        "threat intelligence and GeoIP as evidence (readers in `service/geoip/`, [decision 15](adr/0015-own-geoip-reader.md), and `service/threat-lists/`), and the discovery of this machine's own networks",
    },
    { name: 'decision', holds: 'never-block list, matching, policy; `decide.ts` alone decides, and is pure' },
    {
      name: 'contracts',
      holds: 'the step: its kind, its executor, and what they are given; types, and the results of an attempt',
    },
    {
      name: 'steps',
      holds:
        'the registry, the recorder (rows and audit records) and the runner (execution); one folder for each kind: `block/` (nftables, reconciler), `request/` (what a delivery holds; `service/delivery/` sends it)',
    },
    {
      name: 'intake',
      holds: 'routes, authentication, payloads, and the ingestion that makes one incident of many alerts',
    },
    { name: 'responder', holds: 'from the receipt of an incident to its decision, and the record of it' },
    {
      name: 'operator',
      holds: 'what an operator may ask for, on the command line, over HTTP, by approval links and on the page',
    },
  ],
  compliance: [
    {
      name: 'evidence',
      holds: 'what may be asked: one file a kind of evidence, the registry of them, the stores, and coverage',
    },
    {
      name: 'demo',
      holds: 'stores that are synthetic: what a small company with OpenClaw would have, the same at each run',
    },
    {
      name: 'controls',
      holds: 'the catalogue: frameworks as data, their schema, exceptions; `judge.ts` alone judges, and is pure',
    },
    {
      name: 'model',
      holds: 'the report as plain data, and what makes it from judged controls: changes, trend, risks; pure',
    },
    { name: 'render', holds: 'one file or folder a form of the report, and the registry of them' },
    {
      name: 'integrity',
      holds: 'the folder of a report: written whole or not at all, manifest, chain, signature, verification',
    },
    { name: 'delivery', holds: 'where a finished report goes: folder, index, mail, requests; and what is said of it' },
    { name: 'schedule', holds: 'periods, cron, the lease' },
    { name: 'web', holds: 'the page of the service, and the files of the reports' },
  ],
  policy: [
    { name: 'model', holds: 'policy, request, decision, problem: plain data' },
    { name: 'language', holds: 'text and YAML to a policy and back, and the resolution of its names; pure' },
    { name: 'decide', holds: 'the evaluator: the reference meaning of a policy; pure' },
    { name: 'review', holds: 'lint: what is allowed and probably not meant, and what changes nothing; pure' },
    { name: 'compile', holds: 'the contract of a target, one folder a target, and the registry of them; pure' },
    {
      name: 'shadow',
      holds:
        'a candidate against flows as they come and against their history: tuples of Elasticsearch, replay, report',
    },
    { name: 'suggest', holds: 'a policy drafted from observed flows, with its evidence; pure' },
  ],
}

/** Where reading, writing, listening and starting processes is allowed. */
const ROOMS_WITH_IO = [
  'service/',
  'exporter/sources/',
  'remediation/(steps|enrichment|store)/',
  'compliance/(evidence|render|integrity|delivery|schedule)/',
  'policy/shadow/',
  'cli/',
]

/** Modules of Node.js and packages that reach outside the process. */
const IO_BUILTIN = '^(node:)?(fs|net|http|https|http2|tls|dgram|dns|child_process|cluster|sqlite)(/|$)'
const IO_PACKAGE =
  '(^|/)node_modules/(undici|fastify|@elastic/elasticsearch|@kubernetes/client-node|ws|pg|mysql2|nodemailer)/'

/** @param {{ name: string, imports: readonly string[] }} room */
const importsOnly = ({ name, imports }) => ({
  name: `imports-of-${name}`,
  comment: `${name} imports ${imports.length === 0 ? 'no other room' : `only ${imports.join(', ')}`}.`,
  severity: 'error',
  from: { path: `^${name}/` },
  to: { path: `^(${ROOMS})/`, pathNot: [name, ...imports].map(room => `^${room}/`) },
})

/** @param {[part: string, order: readonly { name: string }[]]} floor */
const importsDownward = ([part, order]) =>
  order.map(({ name }, floor) => ({
    name: `floor-of-${part}-${name}`,
    comment: `${part}/${name}/ imports nothing of ${part} that lies above it.`,
    severity: 'error',
    from: { path: `^${part}/${name}/` },
    to: { path: `^${part}/`, pathNot: order.slice(0, floor + 1).map(lower => `^${part}/${lower.name}/`) },
  }))

export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Two modules that need each other are one module, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...Object.entries(floors).flatMap(importsDownward),
    ...['core', 'decoding'].map(room => ({
      name: `${room}-is-pure`,
      comment: `${room} imports nothing from Node.js.`,
      severity: 'error',
      from: { path: `^${room}/` },
      to: { dependencyTypes: ['core'] },
    })),
    ...rooms.map(importsOnly),
    {
      name: 'io-has-its-rooms',
      comment: `Files, sockets and processes only in ${ROOMS_WITH_IO.join(', ')}; elsewhere they come in as arguments.`,
      severity: 'error',
      from: { path: `^(${ROOMS})/`, pathNot: ROOMS_WITH_IO.map(room => `^${room}`) },
      to: { path: [IO_BUILTIN, IO_PACKAGE] },
    },
    {
      name: 'product-stands-alone',
      comment: 'What ships never imports tools, tests or benchmarks.',
      severity: 'error',
      from: { path: `^(${ROOMS})/` },
      to: { path: '^(tools|test|bench)/' },
    },
    {
      name: 'product-needs-no-development-dependency',
      comment: 'What ships imports only what is installed with it.',
      severity: 'error',
      from: { path: `^(${SHIPPED_ROOMS})/` },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads to a module.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-orphan',
      comment:
        'A module that nothing imports and that imports nothing is forgotten. A script of the page is read as text.',
      severity: 'error',
      from: { orphan: true, path: `^(${ROOMS})/`, pathNot: '^service/page/browser/' },
      to: {},
    },
  ],
  options: {
    exclude: { path: '(^|/)(dist|grafana-plugin|data|fixtures|\\.cache)/' },
    doNotFollow: { path: 'node_modules' },
    // TypeScript 7 has no API to parse with. swc sees imports of types too; it stops at `using` declarations.
    parser: 'swc',
    moduleSystems: ['es6'],
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
}
