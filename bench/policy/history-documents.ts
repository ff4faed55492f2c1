import { type Clock, DAY_MS } from '../../core/clock.ts'
import { type Random, seededRandom } from '../../core/random.ts'
import type { AccessEnd, AccessRequest } from '../../policy/model/request.ts'
import { mixedRequests } from './workload.ts'

/** The fields of Hubble's flows as the usual templates of logs map them: texts as keywords. */
export const hubbleMappings = {
  dynamic_templates: [{ texts: { match_mapping_type: 'string', mapping: { type: 'keyword', ignore_above: 1024 } } }],
  properties: {
    '@timestamp': { type: 'date' },
    event: { properties: { ingested: { type: 'date' } } },
    time: { type: 'date' },
    flow: {
      properties: {
        time: { type: 'date' },
        IP: { properties: { source: { type: 'ip' }, destination: { type: 'ip' } } },
      },
    },
  },
} as const

export const HISTORY_DAYS = 14

/** Distinct flows: no two agree in all of their ends and port. */
export function distinctFlows(count: number): readonly AccessRequest[] {
  const distinct = new Map<string, AccessRequest>()
  for (const requests of Object.values(mixedRequests(2 * count))) {
    for (const request of requests) {
      const { transport, port, source, destination } = request
      if (distinct.size < count && transport === 'tcp') {
        distinct.set(`${port} ${source.address} ${destination.address}`, request)
      }
    }
  }
  return [...distinct.values()]
}

/** Writes documents of flows without end, as lines of a bulk request: the time and the port of the source differ. */
export function flowLines(flows: readonly AccessRequest[], until: ReturnType<Clock['now']>): (count: number) => string {
  const random = seededRandom(5)
  const parts = flows.map(partsOf)
  let written = 0
  return count => {
    const lines: string[] = []
    for (let index = 0; index < count; index++, written++) {
      // Each flow occurs, and some far more often than others.
      const flow = written < parts.length ? written : Math.floor(parts.length * random() ** 3)
      lines.push(documentOf(parts[flow] as Parts, until, random))
    }
    return `${lines.join('\n')}\n`
  }
}

interface Parts {
  readonly beforePort: string
  readonly afterPort: string
}

function documentOf({ beforePort, afterPort }: Parts, until: number, random: Random): string {
  const time = new Date(until - 1 - Math.floor(random() * HISTORY_DAYS * DAY_MS)).toISOString()
  const port = 32_768 + Math.floor(random() * 28_000)
  return `{"create":{}}\n{"@timestamp":"${time}","time":"${time}","flow":{"time":"${time}",${beforePort}${port}${afterPort}}`
}

function partsOf({ source, destination, port }: AccessRequest, number: number): Parts {
  const mark = '@port@'
  const flow = {
    verdict: 'FORWARDED',
    IP: { source: source.address, destination: destination.address, ipVersion: 'IPv4' },
    l4: { TCP: { source_port: mark, destination_port: port, flags: { SYN: true } } },
    source: endpointOf(source, number),
    destination: endpointOf(destination, number),
    Type: 'L3_L4',
    node_name: `prod/worker-${number % 12}`,
    event_type: { type: 5 },
    traffic_direction: 'INGRESS',
    is_reply: false,
    ...(destination.names === undefined ? {} : { destination_names: destination.names }),
    Summary: 'TCP Flags: SYN',
  }
  const [beforePort = '', afterPort = ''] = JSON.stringify(flow).slice(1).split(`"${mark}"`)
  return { beforePort, afterPort }
}

function endpointOf({ namespace, workloadLabels = {} }: AccessEnd, number: number) {
  const labels = Object.entries(workloadLabels).map(([name, value]) => `k8s:${name}=${value}`)
  if (namespace === undefined) return { identity: 2, labels: ['reserved:world'] }
  return { identity: 300 + number, cluster_name: 'prod', namespace, labels }
}
