import { z } from 'zod'
import { transports } from '../../core/flow.ts'
import { isHost, parseTarget } from '../../core/net/target.ts'
import { MAX_FLOWS, type ObservedFlow } from '../model/observed-flow.ts'
import { devicePostures } from '../model/policy.ts'

/** A file of distinct flows, one as JSON on each line, or what is wrong with its first wrong line. */
export type ReadFlows =
  | { readonly ok: true; readonly flows: readonly ObservedFlow[] }
  | { readonly ok: false; readonly line: number; readonly sentence: string }

const text = z.string().min(1).max(1_000)
const time = z.iso.datetime({ offset: true })
const count = z.int().min(0)

/** A network is none: a rule would be about all of it. */
const address = text.refine(isAddress, { error: 'is no IP address' })

const endSchema = z.strictObject({
  address: address.exactOptional(),
  identity: text.exactOptional(),
  namespace: text.exactOptional(),
  service: text.exactOptional(),
  names: z.array(text).max(100).exactOptional(),
  labels: z.record(text, z.string().max(1_000)).exactOptional(),
  identified: z.boolean().exactOptional(),
})

const flowSchema = z.strictObject({
  source: endSchema,
  destination: endSchema,
  transport: z.enum(transports).exactOptional(),
  port: z.int().min(0).max(65_535).exactOptional(),
  device_posture: z.enum(devicePostures).exactOptional(),
  mutually_authenticated: z.boolean().exactOptional(),
  passed: count,
  denied: count.default(0),
  first_seen: time,
  last_seen: time,
  samples: z.array(text).max(100).default([]),
})

/** Reads JSON lines. An empty line is none. */
export function readFlows(source: string): ReadFlows {
  const flows: ObservedFlow[] = []
  let line = 0
  for (const written of source.split('\n')) {
    line += 1
    if (written.trim() === '') continue
    if (flows.length === MAX_FLOWS) {
      const sentence = `this is the ${(MAX_FLOWS + 1).toLocaleString('en')}th flow, and at most ${MAX_FLOWS.toLocaleString('en')} are read; choose a shorter time`
      return { ok: false, line, sentence }
    }
    const read = readFlow(written)
    if (typeof read === 'string') return { ok: false, line, sentence: read }
    flows.push(read)
  }
  return { ok: true, flows }
}

function readFlow(written: string): ObservedFlow | string {
  let value: unknown
  try {
    value = JSON.parse(written)
  } catch {
    return 'the line is no JSON; a file of flows has one JSON object on each line'
  }
  const { success, data, error } = flowSchema.safeParse(value)
  if (success) return flowOf(data)
  const [issue] = error.issues
  const key = issue?.path.length ? issue.path.map(String).join('.') : 'the line'
  if (issue?.code === 'unrecognized_keys')
    return `${place(issue.path)} has the unknown key ${JSON.stringify(issue.keys[0])}`
  if (issue?.code === 'custom') return `${key} ${issue.message}`
  return `${key} is missing or is not what docs/policy.md says of it`
}

const place = (path: readonly PropertyKey[]): string => (path.length === 0 ? 'the flow' : path.map(String).join('.'))

function flowOf(read: z.output<typeof flowSchema>): ObservedFlow {
  const { source, destination, transport, port, device_posture: devicePosture, samples, passed, denied } = read
  const [one, other] = [Date.parse(read.first_seen), Date.parse(read.last_seen)]
  return {
    request: {
      source: endOf(source),
      destination: endOf(destination),
      ...(transport !== undefined && { transport }),
      ...(port !== undefined && { port }),
      ...(devicePosture !== undefined && { devicePosture }),
      ...(read.mutually_authenticated !== undefined && { isMutuallyAuthenticated: read.mutually_authenticated }),
    },
    firstSeen: Math.min(one, other),
    lastSeen: Math.max(one, other),
    passed,
    denied,
    samples,
  }
}

function endOf({ labels, identified, names, ...end }: z.output<typeof endSchema>): ObservedFlow['request']['source'] {
  return {
    ...end,
    ...(names !== undefined && { names: names.map(name => name.toLowerCase()) }),
    ...(labels !== undefined && { workloadLabels: labels }),
    ...(identified === true && { isIdentified: true }),
  }
}

function isAddress(text: string): boolean {
  const target = parseTarget(text)
  return target !== undefined && isHost(target)
}
