import { DAY_MS, HOUR_MS } from '../../../core/clock.ts'
import { SINCE } from './seeded-history.ts'

/** A policy that all of the planted accesses are judged by. */
export const accessPolicy = `policy accesses
zone gateway
  members: api.openclaw.local
zone portal
  members: portal.openclaw.local
allow agents-to-gateway
  from: service-identity=agent-controller
  to: zone=gateway:443
  protocol: https
  condition: authentication=mutual
allow office-to-gateway
  from: 10.1.0.0/16
  to: zone=gateway:443
allow auditors
  from: service-identity=carla
  to: zone=gateway:443
  condition: device-posture=trusted
allow staff-to-portal
  from: service-identity=ana, service-identity=ben
  to: zone=portal:443
allow nobody-uses-this
  from: service-identity=ben
  to: zone=portal:8443
`

type Document = Readonly<Record<string, unknown>>
type Write = (at: number, number: number) => Document

const isoTime = (time: number): string => new Date(time).toISOString()

interface Client {
  readonly address: string
  /** In its verified certificate. */
  readonly name?: string
}

/** A request in the log of nginx, in the format of deploy/nginx/log-format.conf. */
const byNginx =
  ({ address, name }: Client, status: string): Write =>
  (at, number) => ({
    time: isoTime(at),
    '@timestamp': isoTime(at),
    remote_addr: address,
    status,
    upstream_status: status,
    request: `GET /path/${number} HTTP/1.1`,
    ssl_protocol: 'TLSv1.3',
    ssl_client_verify: name === undefined ? 'NONE' : 'SUCCESS',
    ssl_client_s_dn: name === undefined ? '' : `CN=${name},O=Example`,
    server_name: 'api.openclaw.local',
    server_addr: '10.0.0.2',
    server_port: '443',
    remote_user: 'as-the-client-says',
  })

/** A request in the log of Caddy, which authenticated the user. */
const byCaddy =
  (address: string, user: string, status: number): Write =>
  (at, number) => ({
    level: 'info',
    ts: at / 1000,
    '@timestamp': isoTime(at),
    logger: 'http.log.access',
    msg: 'handled request',
    request: {
      remote_ip: address,
      remote_port: String(1_024 + number),
      host: 'portal.openclaw.local',
      uri: `/path/${number}`,
      tls: { version: 772 },
    },
    user_id: user,
    status,
  })

/** A request in a log of HAProxy that does not say to which address it came. */
const byHaproxy =
  (address: string, name: string): Write =>
  (at, number) => ({
    path: `/path/${number}`,
    ssl_c_s_dn: `/O=Example/CN=${name}`,
    haproxy_log: 'request',
    ts: at / 1000,
    '@timestamp': isoTime(at),
    client_ip: address,
    client_port: 1_024 + number,
    server_name: 'gateway',
    status_code: 200,
    ssl_fc_protocol: 'TLSv1.3',
    ssl_c_used: 1,
    ssl_c_verify: '0',
    ssl_c_err: 0,
  })

/** A request in the log of Envoy, with the fields of deploy/envoy/envoy.yaml. */
const byEnvoy =
  ({ address, name }: Client, status: number): Write =>
  (at, number) => ({
    start_time: isoTime(at),
    '@timestamp': isoTime(at),
    method: 'GET',
    path: `/path/${number}`,
    authority: 'api.openclaw.local',
    response_code: status,
    response_code_details: 'via_upstream',
    response_flags: '-',
    downstream_remote_address: `${address}:${1_024 + number}`,
    downstream_direct_remote_address: `${address}:${1_024 + number}`,
    downstream_direct_remote_address_without_port: address,
    downstream_local_address: '10.0.0.3:443',
    downstream_peer_subject: name === undefined ? null : `CN=${name}`,
    downstream_peer_cert_v_end: name === undefined ? null : '2026-12-29T20:11:51.000Z',
  })

/** A sign-in in the Elastic Common Schema. */
const inEcs =
  (address: string, user: string, outcome: 'success' | 'failure'): Write =>
  (at, number) => ({
    '@timestamp': isoTime(at),
    event: { category: ['authentication'], type: ['start'], outcome, code: `c-${number}` },
    user: { name: user },
    source: { ip: address },
    url: { domain: 'portal.openclaw.local', scheme: 'https', path: `/${number}` },
    trace: { id: number.toString(16).padStart(32, '0') },
  })

interface Planted {
  readonly write: Write
  /** Of the day. */
  readonly hour: number
  readonly timesADay: number
}

const agent = { address: '10.2.0.1', name: 'agent-controller' }
const reporter = { address: '10.2.0.2', name: 'reporter' }

/** What happened each day, as proxies report it. */
const ofProxies: readonly Planted[] = [
  { write: byNginx(agent, '200'), hour: 9, timesADay: 40 },
  { write: byNginx(agent, '404'), hour: 9, timesADay: 2 },
  { write: byNginx(agent, '403'), hour: 10, timesADay: 2 },
  { write: byNginx({ address: '10.1.0.7' }, '200'), hour: 11, timesADay: 3 },
  // Without a certificate, from a network of no rule: who it was, and by which device, is unknown.
  { write: byNginx({ address: '10.9.0.4' }, '200'), hour: 12, timesADay: 4 },
  { write: byNginx(reporter, '200'), hour: 13, timesADay: 5 },
  { write: byNginx(reporter, '401'), hour: 13, timesADay: 6 },
  { write: byNginx({ address: '10.2.0.3', name: 'carla' }, '200'), hour: 14, timesADay: 3 },
  { write: byEnvoy(agent, 200), hour: 15, timesADay: 10 },
  { write: byEnvoy(reporter, 200), hour: 15, timesADay: 8 },
  { write: byHaproxy(agent.address, 'agent-controller'), hour: 16, timesADay: 2 },
  { write: byCaddy('10.3.0.1', 'ana', 200), hour: 17, timesADay: 6 },
  { write: byCaddy('10.3.0.2', 'dora', 200), hour: 17, timesADay: 7 },
]

/** Documents alone have sign-ins in the Elastic Common Schema. */
const ofSignIns: readonly Planted[] = [
  { write: inEcs('10.3.0.1', 'ana', 'success'), hour: 8, timesADay: 9 },
  { write: inEcs('10.3.0.2', 'dora', 'success'), hour: 8, timesADay: 10 },
  { write: inEcs('10.3.0.3', 'mallory', 'failure'), hour: 8, timesADay: 11 },
]

const DAYS = 14

const denied = (source: string, destination: string, timesADay: number) => {
  return { source, destination, port: 443, events: timesADay * DAYS }
}
const gateway = 'api.openclaw.local'
const portal = 'portal.openclaw.local'

/** The truth, by hand: days times times a day. */
export const accessTruth = {
  newlyDenied: [denied('reporter', gateway, 5), denied('dora', portal, 7), denied('reporter', gateway, 8)],
  // The same access was also answered with 200 and 404.
  newlyAllowed: [denied('agent-controller', gateway, 2)],
  stillDenied: { flows: 1, events: 6 * DAYS },
  unknown: [
    { missing: ['source.identity', 'device-posture'], flows: 1, events: 4 * DAYS },
    { missing: ['device-posture'], flows: 1, events: 3 * DAYS },
    { missing: ['destination.name', 'port'], flows: 1, events: 2 * DAYS },
  ],
  allow: { flows: 4, events: (40 + 2 + 2 + 3 + 10 + 6) * DAYS },
  unusedRules: ['nobody-uses-this'],
} as const

/** With the sign-ins, of which documents alone exist. */
export const signInTruth = {
  newlyDenied: [denied('dora', portal, 10)],
  newlyAllowed: [],
  stillDenied: { flows: 1, events: 11 * DAYS },
  unknown: [],
  allow: { flows: 1, events: 9 * DAYS },
  unusedRules: ['agents-to-gateway', 'office-to-gateway', 'auditors', 'nobody-uses-this'],
} as const

export const accessDocuments = (): readonly Document[] => documentsOf(ofProxies)
export const signInDocuments = (): readonly Document[] => documentsOf(ofSignIns)

function documentsOf(planted: readonly Planted[]): readonly Document[] {
  const documents: Document[] = []
  for (let day = 0; day < DAYS; day++) {
    for (const { write, hour, timesADay } of planted) {
      for (let time = 0; time < timesADay; time++) {
        documents.push(write(SINCE + day * DAY_MS + hour * HOUR_MS + time * 61_000, documents.length))
      }
    }
  }
  return documents
}
