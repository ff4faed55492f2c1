import type { Clock, EpochMs } from '../../../core/clock.ts'
import { isObject } from '../../../core/json.ts'
import { NO_ORIGIN } from '../../../decoding/toolkit/origin.ts'
import type { Decoding } from '../../../decoding/toolkit/record.ts'
import { fileTrouble, readRegularFile } from '../../../service/files/regular-file.ts'
import { logfmtValue } from '../../../service/log/one-line.ts'
import type { Json } from '../../../service/state/state.ts'
import { driftDecoding } from '../observed/drift.ts'
import type { Found, Look } from '../observed/source.ts'
import { type Chain, compareChains } from './compare.ts'
import { type Endpoint, readEndpoint, type Shown } from './endpoint.ts'
import { certificatesOf } from './facts.ts'

/** An endpoint of the configuration, whose authorities are in a file. */
export interface ConfiguredEndpoint extends Omit<Endpoint, 'ca'> {
  readonly caFile?: string | undefined
}

export interface CertificatePlaces {
  readonly files: readonly string[]
  readonly endpoints: readonly ConfiguredEndpoint[]
  /** Milliseconds for one handshake. */
  readonly timeout: number
  readonly clock: Pick<Clock, 'now'>
}

/** What is remembered of a place. */
interface Remembered extends Chain {
  readonly time: EpochMs
}

/** Handshakes at the same time. */
const AT_ONCE = 16
/** The expiry of what has not changed is reported again, so that it does not count as out of use. */
const REPORT_MS = 60 * 60_000

type Read = { readonly name: string; readonly read: (signal: AbortSignal) => Promise<Shown> }

/** Reads the certificates of all places once, and compares them with those of the look before. */
export async function lookAtCertificates(
  places: CertificatePlaces,
  states: ReadonlyMap<string, Json>,
  signal: AbortSignal,
): Promise<Look> {
  const reads = readsOf(places)
  const found: Found[] = []
  const troubles: string[] = []
  const waiting = reads.values()
  const work = async () => {
    for (const { name, read } of waiting) {
      const shown = await read(signal)
      if (signal.aborted) return
      if ('failure' in shown) troubles.push(`${logfmtValue(name)} ${shown.failure}.`)
      else found.push(...findIn(name, shown, states.get(name), places.clock.now()))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const names = new Set(reads.map(({ name }) => name))
  const gone = [...states.keys()].filter(name => !names.has(name))
  return { found: [...found, ...gone.map(key => ({ key, decodings: [], state: null }))], troubles: troubles.sort() }
}

function readsOf({ files, endpoints, timeout }: CertificatePlaces): readonly Read[] {
  return [
    ...files.map(path => ({ name: path, read: () => readFile(path) })),
    ...endpoints.map(endpoint => ({
      name: nameOf(endpoint),
      read: (signal: AbortSignal) => readAt(endpoint, timeout, signal),
    })),
  ]
}

/** As the label `place` has it. */
function nameOf({ host, port, serverName }: ConfiguredEndpoint): string {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  return serverName === undefined ? address : `${serverName}@${address}`
}

async function readFile(path: string): Promise<Shown> {
  try {
    const certificates = certificatesOf(await readRegularFile(path))
    return certificates.length === 0 ? { failure: 'contains no certificate in PEM' } : { certificates }
  } catch (error) {
    return { failure: fileTrouble(error) }
  }
}

async function readAt(
  { caFile, ...endpoint }: ConfiguredEndpoint,
  timeout: number,
  signal: AbortSignal,
): Promise<Shown> {
  try {
    const ca = caFile === undefined ? undefined : await readRegularFile(caFile)
    return await readEndpoint({ ...endpoint, ca }, timeout, signal)
  } catch (error) {
    return { failure: `is not asked: its ca_file ${logfmtValue(caFile ?? '')} ${fileTrouble(error)}` }
  }
}

function findIn(name: string, chain: Chain, state: Json | undefined, now: EpochMs): readonly Found[] {
  const before = isRemembered(state) ? state : undefined
  const drifts = compareChains(name, before, chain, { before: before?.time, now })
  const isDue = before === undefined || now - before.time >= REPORT_MS || now < before.time
  if (
    drifts.length === 0 &&
    !isDue &&
    fingerprints(before) === fingerprints(chain) &&
    before.distrust === chain.distrust
  )
    return []
  const { length } = chain.certificates
  const certificates = chain.certificates.map(
    ({ subject, expires }, position): Decoding => ({
      kind: 'certificate',
      time: now,
      origin: NO_ORIGIN,
      subject,
      expires,
      place: { name, position, length },
    }),
  )
  const remembered: Remembered = { ...chain, time: now }
  const decodings = [...certificates, ...drifts.map(drift => driftDecoding(drift, now))]
  return [{ key: name, decodings, state: JSON.parse(JSON.stringify(remembered)) }]
}

const fingerprints = ({ certificates }: Chain): string => certificates.map(({ fingerprint }) => fingerprint).join()

function isRemembered(state: Json | undefined): state is Json & Remembered {
  return isObject(state) && Array.isArray(state.certificates) && typeof state.time === 'number'
}
