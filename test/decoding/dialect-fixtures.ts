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
const moving: readonly Decoding['kind'][] = ['claim', 'telemetry_lost', 'certificate', 'device_tokens', ...ofPosture]

export const isPosture = ({ kind }: Decoding): boolean => ofPosture.includes(kind)
export const moves = ({ kind }: Decoding): boolean => moving.includes(kind)

/** Without the time where an envelope gives it: a line that anyone may write is not believed about its own. */
export const undatedByEnvelope = (dialect: Dialect, decoded: Decoded): unknown =>
  'anyoneWrites' in dialect
    ? JSON.parse(JSON.stringify(decoded), (key, value) => (key === 'time' ? undefined : value))
    : decoded

/** Its lines are in an envelope that says so, and in any other one they are none. */
export const isOfKernel = (dialect: Dialect): boolean => 'writer' in dialect

const captured = (path: string): readonly string[] =>
  readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')

const documentsIn = (path: string): readonly Fields[] => captured(path).map(line => JSON.parse(line))

/** A message as Keycloak's console writes it as JSON. */
const asKeycloakJson = (message: string, loggerName = 'org.keycloak.events') =>
  JSON.stringify({
    timestamp: '2026-11-22T11:27:43.777012192Z',
    sequence: 2926,
    loggerClassName: 'org.jboss.logging.Logger',
    loggerName,
    level: 'WARN',
    message,
    threadName: 'executor-thread-1',
    hostName: 'idp-1',
  })

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
const quietEnvoyRequest = {
  start_time: '2026-11-24T00:54:49.123Z',
  method: 'GET',
  path: '/',
  response_code: 200,
  response_code_details: 'via_upstream',
  response_flags: '-',
  downstream_remote_address: '203.0.113.9:50412',
  downstream_direct_remote_address: '203.0.113.9:50412',
}
const quietHaproxyRequest = {
  haproxy_log: 'request',
  ts: 1_795_884_366.078,
  client_ip: '203.0.113.9',
  server_name: 'gateway',
  status_code: 200,
  ssl_fc_protocol: 'TLSv1.3',
  ssl_c_used: 0,
  ssl_c_verify: '0',
  ssl_c_err: 0,
}
const quietCaddyLine = { level: 'error', ts: 1_795_884_366.078, logger: 'http.handlers.reverse_proxy' }
const quietTraefikRequest = {
  ClientAddr: '203.0.113.9:40404',
  DownstreamStatus: 200,
  OriginStatus: 200,
  RequestPath: '/',
  StartUTC: '2026-11-24T00:54:49.123456789Z',
}

/** As nginx escapes a value of a log line in text. */
const asNginxWrites = (text: string) =>
  text.replace(/["\\]|[^ -~]/g, char =>
    [...Buffer.from(char)].map(byte => `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )

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
const quietFlow = {
  time: '2026-11-29T10:00:02Z',
  flow: { verdict: 'FORWARDED', event_type: { type: 4, sub_type: 1 }, is_reply: false },
}
const quietGoldmane = { end_time: 1_796_032_815, Key: { dest_type: 1, reporter: 2, action: 1 } }
const quietFlowLog = { end_time: 1_796_033_100, source_type: 'wep', dest_type: 'wep', reporter: 'dst', action: 'allow' }
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
    lines: [...captured('nginx/access.real.log'), ...captured('nginx/access.synthetic.log')],
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
  'nginx-combined': {
    lines: captured('nginx/combined.real.log'),
    quiet: text => `203.0.113.9 - - [24/Nov/2026:00:54:49 +0000] "GET / HTTP/1.1" 200 0 "-" "${asNginxWrites(text)}"`,
  },
  envoy: {
    lines: [...captured('proxies/envoy.real.jsonl'), ...captured('proxies/envoy.synthetic.jsonl')],
    quiet: text => JSON.stringify({ ...quietEnvoyRequest, user_agent: text }),
  },
  haproxy: {
    lines: captured('proxies/haproxy.real.jsonl'),
    quiet: text => JSON.stringify({ path: text, ...quietHaproxyRequest }),
  },
  caddy: {
    lines: captured('proxies/caddy.real.jsonl'),
    quiet: text => JSON.stringify({ ...quietCaddyLine, msg: text }),
  },
  traefik: {
    lines: captured('proxies/traefik.synthetic.jsonl'),
    quiet: text => JSON.stringify({ ...quietTraefikRequest, 'request_User-Agent': text }),
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
  'openclaw-devices': {
    lines: ['devices-list.real.json', 'devices-list.synthetic.json'].map(snapshot),
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
  'keycloak-json': {
    lines: [
      ...captured('keycloak/keycloak-26.4-console-json.real.jsonl'),
      ...captured('keycloak/keycloak-26.4-console-ecs.real.jsonl'),
      ...captured('keycloak/unquoted.synthetic.log').map(line => asKeycloakJson(line.slice(line.indexOf(') ') + 2))),
    ],
    quiet: text => asKeycloakJson(text, 'org.keycloak.services'),
  },
  'keycloak-text': {
    lines: captured('keycloak/keycloak-26.4-console-text.real.log'),
    quiet: text => `2026-11-22 11:28:57,820 INFO  [org.keycloak.services] (main) note: ${text}`,
  },
  'keycloak-unquoted-text': {
    lines: captured('keycloak/unquoted.synthetic.log'),
    quiet: text =>
      `2023-05-11 09:14:08,108 DEBUG [org.keycloak.events] (x) type=LOGOUT, realmId=shop, clientId=web, userId=u, ipAddress=192.0.2.12, redirect_uri=${text}`,
  },
  'keycloak-elastic': { documents: documentsIn('keycloak/elastic-documents.synthetic.jsonl') },
  'entra-sign-in': { documents: documentsIn('entra/sign-ins.synthetic.jsonl') },
  hubble: {
    lines: captured('hubble/flows.synthetic.jsonl'),
    quiet: text => JSON.stringify({ ...quietFlow, flow: { ...quietFlow.flow, Summary: text } }),
  },
  'calico-goldmane': {
    lines: captured('calico/goldmane.synthetic.jsonl'),
    quiet: text => JSON.stringify({ ...quietGoldmane, Key: { ...quietGoldmane.Key, source_name: text } }),
  },
  'calico-flow-log': {
    lines: captured('calico/flows.synthetic.jsonl'),
    quiet: text => JSON.stringify({ ...quietFlowLog, num_flows_started: 0, process_args: [text] }),
  },
  nftables: {
    lines: [...captured('nftables/dmesg.real.log'), ...captured('nftables/kernel.synthetic.log')],
    quiet: text =>
      `2026-11-29T20:05:01.000001+00:00 edge-1 kernel: deny: IN=a OUT= SRC=10.0.0.1 DST=10.0.0.2 PROTO=TCP ACK ${text}`,
  },
  ecs: {
    documents: [
      signIn,
      { ...signIn, event: { ...signIn.event, outcome: 'success' }, http: undefined, client: { ip: '203.0.113.9' } },
      { '@timestamp': signIn['@timestamp'], 'event.category': 'authentication', 'event.outcome': 'failure' },
      { ...signIn, event: { ...signIn.event, reason: 'rate_limited' } },
      { ...signIn, event: { ...signIn.event, reason: 'Account locked', kind: 'event', module: 'okta', code: '7' } },
      { ...signIn, event: { ...signIn.event, kind: 'signal' } },
      { ...signIn, event: { ...signIn.event, kind: 'pipeline_error' } },
    ],
  },
}
