import { readFileSync } from 'node:fs'
import type { Dialect } from '../../decoding/dialects/dialect.ts'
import type { Decoded } from '../../decoding/dispatch.ts'
import type { Fields } from '../../decoding/toolkit/fields.ts'
import type { Decoding } from '../../decoding/toolkit/record.ts'
import { layOut, realLines, realSecurityEvents, syntheticLines, syntheticSecurityEvents } from './fixtures.ts'
import { asConsoleLine, asOtelLine, asPlainConsoleLine, coloured, colouredConsole } from './layouts.ts'

/** Records of one dialect, which the contract test puts into every envelope; one claim at least is among them. */
export interface DialectFixtures {
  /** As they are in a file. */
  readonly lines?: readonly string[]
  /** A line without a signal, with a text that anybody may write: the message of another program, a user agent. */
  readonly quiet?: ((text: string) => string) | 'none: each of its records counts'
  /** As a shipper stores them parsed, where that is not what its line is. */
  readonly documents?: readonly Fields[]
}

const ofPosture: readonly Decoding['kind'][] = ['posture_snapshot', 'configuration_change', 'device_state']
/** Kinds of decodings that change something that is exposed. */
const moving: readonly Decoding['kind'][] = ['claim', 'telemetry_lost', 'certificate', ...ofPosture]

export const isPosture = ({ kind }: Decoding): boolean => ofPosture.includes(kind)
export const moves = ({ kind }: Decoding): boolean => moving.includes(kind)

/** Without the time where an envelope gives it: a line that anyone may write is not believed about its own. */
export const undatedByEnvelope = (dialect: Dialect, decoded: Decoded): unknown =>
  'anyoneWrites' in dialect
    ? JSON.parse(JSON.stringify(decoded), (key, value) => (key === 'time' ? undefined : value))
    : decoded

const captured = (path: string): readonly string[] =>
  readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')

const madeUp = syntheticLines.map(layOut)
/** Lines that another layout does not change: verbose ones are laid out already. */
const plain = [...realLines, ...syntheticLines.filter(line => !line.verbose && line.beside === undefined).map(layOut)]

const onPlainConsole = plain.flatMap(line => asPlainConsoleLine(line) ?? [])

const signIn = {
  '@timestamp': '2026-11-23T10:00:00.000Z',
  event: { category: ['authentication'], type: ['start'], outcome: 'failure', reason: 'unauthorized' },
  user: { name: 'mallory', id: 'u-1' },
  device: { id: 'd-1' },
  source: { ip: '203.0.113.9' },
  http: { request: { method: 'POST' } },
}

/** A line that OpenClaw may write at any time, with a message of no event. */
const quietLine = (text: string) =>
  layOut({ template: '', subsystem: 'gateway', level: 'INFO', text: `note: ${text}`, expected: '' })

const quietAudit = {
  type: 'security.event',
  action: 'security.audit.completed',
  outcome: 'success',
  ts: 1_795_331_054_634,
}
const quietRequest = {
  time: '2026-11-24T00:54:49+00:00',
  remote_addr: '203.0.113.9',
  status: '200',
  request: 'GET / HTTP/1.1',
  ssl_client_verify: 'NONE',
}

const quietOcsf = {
  class_uid: 0,
  time: 1_795_331_054_634,
  metadata: { version: '1.8.0', product: { name: 'OpenShell Gateway', vendor_name: 'OpenShell' } },
}
const quietV8 = {
  schema_version: 1,
  bucket_catalog_version: 1,
  timestamp: '2026-11-22T10:00:00Z',
  record_id: 'rec-1',
  bucket: 'model.io',
  signal: 'logs',
  event_name: 'model.request',
  provenance: { producer: 'gateway', binary_version: '8.0.0' },
}
const quietV7 = { ts: '2026-06-01T10:00:00Z', event_type: 'llm_prompt', schema_version: 7, generation: 2 }
const quietObservation = { ts: '2026-11-22T07:02:00.000Z', source: 'config-io', event: 'config.observe', phase: 'read' }

/** The output of a command of OpenClaw, as one line, with the time that the source `posture` adds. */
function snapshot(name: string): string {
  const text = readFileSync(new URL(`../fixtures/openclaw/posture/${name}`, import.meta.url), 'utf8')
  return JSON.stringify({ ...JSON.parse(text), '@timestamp': '2026-11-24T00:54:49.123Z' })
}

/** The fixtures of every dialect, by its name. */
export const dialectFixtures: Readonly<Record<string, DialectFixtures>> = {
  'openclaw-file': { lines: [...realLines, ...madeUp, ...plain.map(coloured)], quiet: quietLine },
  'openclaw-console': { lines: plain.map(asConsoleLine), quiet: text => asConsoleLine(quietLine(text)) },
  'openclaw-otel': {
    lines: plain.flatMap(line => [asOtelLine(line, true), asOtelLine(line, false)]),
    quiet: text => asOtelLine(quietLine(text), true),
  },
  'security-event': {
    lines: [
      ...realSecurityEvents.flatMap(line => [line, JSON.stringify(JSON.parse(line).event)]),
      ...syntheticSecurityEvents,
    ],
    quiet: text => JSON.stringify({ ...quietAudit, target: { name: text } }),
  },
  'nginx-access': {
    lines: captured('nginx/access.real.log'),
    quiet: text => JSON.stringify({ ...quietRequest, user_agent: text }),
  },
  'nginx-error': {
    lines: captured('nginx/error.real.log'),
    quiet: text => `2026/11/22 10:51:44 [error] 7#7: *12 open() "/srv/${text}" failed (2: No such file or directory)`,
  },
  'openshell-ocsf': {
    lines: captured('openshell/ocsf.synthetic.jsonl'),
    quiet: text => JSON.stringify({ ...quietOcsf, message: text }),
  },
  'openshell-shorthand': {
    lines: captured('openshell/shorthand.synthetic.log'),
    quiet: text => `2026-04-01T04:04:20.058Z OCSF PROC:LAUNCH [INFO] /usr/bin/node(71) [cmd:${text}]`,
  },
  'defenseclaw-v8': {
    lines: captured('defenseclaw/v8.synthetic.jsonl'),
    quiet: text => JSON.stringify({ ...quietV8, body: { 'gen_ai.prompt': text } }),
  },
  'defenseclaw-v7': {
    lines: captured('defenseclaw/v7.synthetic.jsonl'),
    quiet: text => JSON.stringify({ ...quietV7, llm_prompt: { content: text } }),
  },
  'openclaw-audit': {
    lines: ['security-audit.real.json', 'security-audit-good.real.json', 'security-audit-bad.real.json'].map(snapshot),
    quiet: 'none: each of its records counts',
  },
  'openclaw-doctor': {
    lines: ['doctor-lint.real.json', 'doctor-lint-bad.real.json'].map(snapshot),
    quiet: 'none: each of its records counts',
  },
  'openclaw-policy': {
    lines: ['policy-check.real.json'].map(snapshot),
    quiet: 'none: each of its records counts',
  },
  'openclaw-status': {
    lines: ['status.real.json'].map(snapshot),
    quiet: 'none: each of its records counts',
  },
  'openclaw-config-audit': {
    lines: captured('openclaw/posture/config-audit.real.jsonl'),
    quiet: text => JSON.stringify({ ...quietObservation, configPath: `/home/${text}/openclaw.json` }),
  },
  // Synthetic, after the documentation of osquery.
  osquery: {
    lines: captured('devices/osquery.synthetic.jsonl'),
    quiet: text =>
      JSON.stringify({
        name: 'processes',
        hostIdentifier: 'laptop-7',
        unixTime: 1_795_312_800,
        columns: { cmdline: text },
      }),
  },
  'device-inventory': {
    lines: captured('devices/inventory.synthetic.jsonl'),
    quiet: 'none: each of its records counts',
  },
  'openclaw-plain-console': {
    lines: [
      ...captured('openclaw/openclaw-2026.9.6-plain-console.real.log').filter(line => line.startsWith('2026-')),
      ...onPlainConsole,
      ...onPlainConsole.map(colouredConsole),
    ],
    quiet: text => `2026-11-24T00:54:49.123+00:00 [gateway] note: ${text}`,
  },
  ecs: {
    documents: [
      signIn,
      { ...signIn, event: { ...signIn.event, outcome: 'success' }, http: undefined, client: { ip: '203.0.113.9' } },
      { '@timestamp': signIn['@timestamp'], 'event.category': 'authentication', 'event.outcome': 'failure' },
      { ...signIn, event: { ...signIn.event, reason: 'rate_limited' } },
    ],
  },
}
