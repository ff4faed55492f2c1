import { BlockList, isIP } from 'node:net'
import { parseAllDocuments } from 'yaml'
import type { Transport } from '../../../../core/flow.ts'

/** An end as a cluster knows it: a workload, or a host outside. */
export interface ClusterPeer {
  readonly address: string
  /** Of a workload. */
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly serviceAccount?: string
  /** DNS name by which a host outside was looked up. */
  readonly name?: string
}

export interface Connection {
  readonly source: ClusterPeer
  readonly destination: ClusterPeer
  readonly transport: Transport
  readonly port: number | undefined
  readonly isMutuallyAuthenticated: boolean
}

/** Whether what was compiled lets a connection begin. */
export type ClusterModel = (connection: Connection) => boolean

/** Objects of a YAML stream, as the API server would take them: without what our code means by them. */
// biome-ignore lint/suspicious/noExplicitAny: a model reads what a schema has checked
export type Manifest = any

export const objectsOf = (text: string): readonly Manifest[] => parseAllDocuments(text).map(document => document.toJS())

export const isWorkload = ({ namespace }: ClusterPeer): boolean => namespace !== undefined

/** The few networks of the tests. */
const lists = new Map<string, BlockList>()

export function isIn(cidr: string, address: string): boolean {
  const [first = '', prefix] = cidr.split('/')
  if (isIP(first) !== isIP(address)) return false
  const family = isIP(first) === 4 ? 'ipv4' : 'ipv6'
  const list = lists.get(cidr) ?? new BlockList()
  if (!lists.has(cidr)) list.addSubnet(first, Number(prefix), family)
  lists.set(cidr, list)
  return list.check(address, family)
}

/** A label selector of Kubernetes: all of its labels and requirements must hold, so that an empty one selects everything. */
export function selects(selector: Manifest, labels: Readonly<Record<string, string>>): boolean {
  const own = new Map(Object.entries(labels))
  const hasLabels = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => own.get(key) === value)
  return (
    hasLabels &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }: Manifest) => {
      switch (operator) {
        case 'In':
          return own.has(key) && values.includes(own.get(key))
        case 'NotIn':
          return !(own.has(key) && values.includes(own.get(key)))
        case 'Exists':
          return own.has(key)
        case 'DoesNotExist':
          return !own.has(key)
        default:
          throw new Error(`no operator of a label selector: ${operator}`)
      }
    })
  )
}
