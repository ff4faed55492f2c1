import type { Transport } from '../../core/flow.ts'
import type { ResolvedDestination, ResolvedPorts } from '../language/resolved.ts'
import type { AccessRequest } from '../model/request.ts'
import { Candidates } from './candidates.ts'
import type { EndView } from './end-view.ts'
import { compilePorts, isEveryPort, type PortTest } from './ports.ts'
import type { SharedTests } from './shared-tests.ts'
import { compileConjunction, type EndTest } from './terms.ts'
import { and, FALSE, TRUE, type Truth } from './truth.ts'

/** A destination of a rule. */
export interface Way {
  readonly rule: number
  /** Position of the selector of its sources. */
  readonly from: number
  readonly to: ResolvedDestination
}

/** Whether a request is for the destination of a rule, sources and conditions apart. */
export type Reach = (rule: number, truth: Truth) => void

interface CompiledWay {
  readonly rule: number
  readonly from: number
  readonly test: EndTest
  readonly ports: PortTest
}

const always: PortTest = () => TRUE

/** A conjunction of sources: its selector, and the ways from there. */
interface Origin {
  readonly from: number
  readonly ways: readonly CompiledWay[]
}

/** Sources are asked as well where more ways than this are found by the destination. */
const FEW = 8

/** Ways that are found by the end of which fewer of them are left, be it source or destination. */
class WayGroup {
  readonly #ways: readonly CompiledWay[]
  readonly #byDestination: Candidates
  readonly #bySource: Candidates
  readonly #origins: readonly Origin[]
  readonly #sources: SharedTests

  /** @param arePortsKnown these ways are for the port of every request that they are found for */
  constructor(ways: readonly Way[], sources: SharedTests, arePortsKnown = false) {
    this.#sources = sources
    const compiled = ways.map(({ rule, from, to: { terms, ports } }) => {
      return { rule, from, test: compileConjunction(terms), ports: arePortsKnown ? always : compilePorts(ports) }
    })
    this.#ways = compiled
    this.#byDestination = new Candidates(ways.map(({ to }) => to.terms))
    const bySelector = Map.groupBy(compiled, ({ from }) => from)
    const conjunctions = [...bySelector].flatMap(([from, those]) =>
      (sources.selectors[from] ?? []).map(terms => ({ terms, from, ways: those })),
    )
    this.#bySource = new Candidates(conjunctions.map(({ terms }) => terms))
    this.#origins = conjunctions
  }

  /** Calls `reach` for each way that may be that of the request; more than once for some. */
  find(request: AccessRequest, source: EndView, destination: EndView, reach: Reach): void {
    const byDestination = this.#byDestination
    byDestination.find(destination)
    if (byDestination.size > FEW) {
      const bySource = this.#bySource
      bySource.find(source)
      if (bySource.size < byDestination.size) {
        for (let list = 0; list < bySource.lists; list++) {
          for (const position of bySource.found[list] as readonly number[]) {
            const { from, ways } = this.#origins[position] as Origin
            if (this.#sources.test(from, source) === FALSE) continue
            for (const way of ways) check(way, request, destination, reach)
          }
        }
        return
      }
    }
    for (let list = 0; list < byDestination.lists; list++) {
      for (const position of byDestination.found[list] as readonly number[]) {
        const way = this.#ways[position] as CompiledWay
        if (this.#sources.test(way.from, source) !== FALSE) check(way, request, destination, reach)
      }
    }
  }
}

function check({ rule, ports, test }: CompiledWay, request: AccessRequest, destination: EndView, reach: Reach): void {
  const isPort = ports(request.transport, request.port)
  if (isPort === FALSE) return
  const truth = and(isPort, test(destination))
  if (truth !== FALSE) reach(rule, truth)
}

/** Ways with more single ports than this are asked at every port. */
const MAX_SINGLE_PORTS = 16

/** Finds the ways that may be that of a request, first by its port. */
export class Ways {
  readonly #all: WayGroup
  readonly #byPort: Readonly<Record<Transport, ReadonlyMap<number, WayGroup>>>
  readonly #atEveryPort: WayGroup | undefined

  constructor(ways: readonly Way[], sources: SharedTests) {
    this.#all = new WayGroup(ways, sources)
    const hasSinglePorts = ({ to: { ports } }: Way) =>
      ports.length > 0 && ports.length <= MAX_SINGLE_PORTS && ports.every(isSinglePort)
    const single = ways.filter(hasSinglePorts)
    const groupsOf = (transport: Transport) => {
      const byPort = new Map<number, Way[]>()
      for (const way of single) {
        const ports = new Set(way.to.ports.filter(one => one.transport === transport).map(({ first }) => first))
        for (const port of ports) {
          const those = byPort.get(port) ?? []
          byPort.set(port, those)
          those.push(way)
        }
      }
      return new Map([...byPort].map(([port, those]) => [port, new WayGroup(those, sources, true)]))
    }
    this.#byPort = { tcp: groupsOf('tcp'), udp: groupsOf('udp'), sctp: groupsOf('sctp'), icmp: groupsOf('icmp') }
    const others = ways.filter(way => !hasSinglePorts(way))
    this.#atEveryPort = others.length === 0 ? undefined : new WayGroup(others, sources)
  }

  find(request: AccessRequest, source: EndView, destination: EndView, reach: Reach): void {
    const { transport, port } = request
    if (transport === undefined || port === undefined) {
      this.#all.find(request, source, destination, reach)
      return
    }
    this.#byPort[transport].get(port)?.find(request, source, destination, reach)
    this.#atEveryPort?.find(request, source, destination, reach)
  }
}

const isSinglePort = (ports: ResolvedPorts): boolean => ports.first === ports.last && !isEveryPort(ports)
