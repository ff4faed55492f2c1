import { BlockList, isIP } from 'node:net'
import type { ResolvedPolicy, ResolvedSelector, ResolvedTerm } from '../../../policy/language/resolved.ts'
import type { PolicyDecision } from '../../../policy/model/decision.ts'
import type { Condition } from '../../../policy/model/policy.ts'
import { type AccessEnd, type AccessRequest, type RequestPart, requestParts } from '../../../policy/model/request.ts'

/** True, false, or what is missing. */
type Kleene = boolean | ReadonlySet<RequestPart>

const without = (part: RequestPart): Kleene => new Set([part])

/** False where one is false, true where all are, otherwise what the unknown ones lack. */
function every(values: readonly Kleene[]): Kleene {
  if (values.includes(false)) return false
  const unknown = values.filter(value => value !== true)
  return unknown.length === 0 ? true : new Set(unknown.flatMap(value => [...(value as ReadonlySet<RequestPart>)]))
}

const negated = (value: Kleene): Kleene => (typeof value === 'boolean' ? !value : value)
const some = (values: readonly Kleene[]): Kleene => negated(every(values.map(negated)))

type Side = 'source' | 'destination'

/**
 * The meaning of a policy as docs/policy.md gives it, word by word: each rule for itself, no index, no memory. Written apart
 * from the evaluator, and slow on purpose.
 */
export function decideSlowly(policy: ResolvedPolicy, request: AccessRequest, today: string): PolicyDecision {
  const truthOfZone = (zone: number, end: AccessEnd, side: Side): Kleene =>
    every([
      ...policy.zones.slice(0, zone).map(({ members }) => negated(truthOfSelector(members, end, side))),
      truthOfSelector(policy.zones[zone]?.members ?? [], end, side),
    ])

  const truthOfSelector = (selector: ResolvedSelector, end: AccessEnd, side: Side): Kleene =>
    some(selector.map(terms => every(terms.map(term => truthOfTerm(term, end, side)))))

  const truthOfTerm = (term: ResolvedTerm, end: AccessEnd, side: Side): Kleene => {
    const absent = (part: 'identity' | 'namespace' | 'labels') =>
      end.isIdentified ? false : without(`${side}.${part}`)
    const labels = new Map(Object.entries(end.workloadLabels ?? {}))
    switch (term.kind) {
      case 'any':
        return true
      case 'service-identity': {
        const name = [
          end.identity,
          policy.identityLabel === undefined ? undefined : labels.get(policy.identityLabel),
          labels.get('io.cilium.k8s.policy.serviceaccount'),
          end.service,
        ].find(one => one !== undefined)
        if (name === undefined) return absent('identity')
        return new RegExp(`^${term.name.replace('*', '.*')}$`).test(name)
      }
      case 'zone':
        return truthOfZone(term.zone, end, side)
      case 'namespace':
        return end.namespace === undefined ? absent('namespace') : end.namespace === term.name
      case 'label':
        return labels.has(term.label) ? labels.get(term.label) === term.value : absent('labels')
      case 'network':
        return truthOfNetwork(term.cidr, end, side)
      case 'host':
        if (end.names === undefined || end.names.length === 0) return without(`${side}.name`)
        return end.names.some(name =>
          new RegExp(`^${term.name.replaceAll('.', '\\.').replace('*', '[^.]+')}$`).test(name),
        )
    }
  }

  const truthOfCondition = (condition: Condition): Kleene => {
    switch (condition.kind) {
      case 'device-posture':
        return request.devicePosture === undefined
          ? without('device-posture')
          : condition.is.includes(request.devicePosture)
      case 'network':
        return some(condition.networks.map(cidr => truthOfNetwork(cidr, request.source, 'source')))
      case 'authentication':
        return request.isMutuallyAuthenticated ?? without('authentication')
      default: {
        if (request.time === undefined) return without('time')
        const [weekday = '', hour = '', minute = ''] = new Intl.DateTimeFormat('en-GB', {
          timeZone: policy.timeZone,
          weekday: 'short',
          hour: '2-digit',
          minute: '2-digit',
        })
          .format(request.time)
          .split(/[ ,:]+/)
        if (condition.kind === 'weekday') return condition.days.some(day => day === weekday.toLowerCase())
        const now = Number(hour) * 60 + Number(minute)
        const { from, to } = condition
        return from > to ? now >= from || now < to : now >= from && now < to
      }
    }
  }

  const truths = policy.rules.map(rule => {
    if (rule.expires !== undefined && rule.expires < today) return false
    return every([
      truthOfSelector(rule.from, request.source, 'source'),
      some(
        rule.to.map(({ terms, ports }) =>
          every([
            ...terms.map(term => truthOfTerm(term, request.destination, 'destination')),
            ports.length === 0 ||
              some(
                ports.map(({ transport, first, last }) =>
                  every([
                    request.transport === undefined ? without('transport') : request.transport === transport,
                    transport === 'icmp' || (first === 0 && last === 65_535)
                      ? true
                      : request.port === undefined
                        ? without('port')
                        : request.port >= first && request.port <= last,
                  ]),
                ),
              ),
          ]),
        ),
      ),
      ...rule.conditions.map(truthOfCondition),
    ])
  })

  const nameOfZone = (end: AccessEnd, side: Side): string | null => {
    const truthsOfZones = policy.zones.map((_, zone) => truthOfZone(zone, end, side))
    if (truthsOfZones.some(truth => typeof truth !== 'boolean')) return 'unknown'
    return policy.zones[truthsOfZones.indexOf(true)]?.name ?? null
  }

  const zones = {
    sourceZone: nameOfZone(request.source, 'source'),
    destinationZone: nameOfZone(request.destination, 'destination'),
  }
  const allowing = truths.indexOf(true)
  if (allowing >= 0) return { answer: 'allow', rule: allowing, missing: [], ...zones }
  const lacking = truths.filter(truth => typeof truth !== 'boolean')
  if (lacking.length === 0) return { answer: 'deny', missing: [], ...zones }
  const missing = requestParts.filter(part => lacking.some(parts => parts.has(part)))
  return { answer: 'unknown', rule: truths.findIndex(truth => typeof truth !== 'boolean'), missing, ...zones }
}

function truthOfNetwork(cidr: string, end: AccessEnd, side: Side): Kleene {
  const address = end.address?.replace(/^::ffff:(?=\d+\.)/, '') ?? ''
  if (isIP(address) === 0) return without(`${side}.address`)
  const [first = '', prefix] = cidr.split('/')
  const family = (text: string) => (isIP(text) === 4 ? 'ipv4' : 'ipv6')
  const list = new BlockList()
  list.addSubnet(first, Number(prefix ?? (isIP(first) === 4 ? 32 : 128)), family(first))
  // A list of Node.js compares mapped addresses with both families.
  return family(address) === family(first) && list.check(address, family(address))
}
