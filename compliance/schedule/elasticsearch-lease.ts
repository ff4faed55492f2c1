import { type Client, errors } from '@elastic/elasticsearch'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { AcquireLease, Lease } from './lease.ts'
import { freed, heldBy, isHeld, LEASE_MS, type LeaseDocument, leaseOf } from './lease-document.ts'

export interface ElasticsearchLeaseOptions {
  readonly client: Client
  /** The index of the lease, in which nothing else is. */
  readonly index: string
  /** Id of the document: one for each set of reports. */
  readonly id: string
  /** A random id of this process. */
  readonly holder: string
  readonly clock: Clock
  readonly logger: Logger
}

/** A document, and the version that a change of it has to be of. */
interface Found {
  readonly document: LeaseDocument
  readonly version: { readonly if_seq_no: number; readonly if_primary_term: number } | undefined
}

/**
 * A lease document in Elasticsearch, for replicas on several machines. Every change is of the version that was read
 * (`if_seq_no`), so that one of two replicas gets it. A replica that cannot renew it stops its work before it expires.
 */
export function elasticsearchLease(options: ElasticsearchLeaseOptions): AcquireLease {
  const { holder, clock } = options
  return async () => {
    const found = await read(options)
    if (isHeld(found.document, clock.now())) return undefined
    const document = heldBy(holder, found.document, clock.now())
    const version = await write(options, document, found.version)
    return version === undefined ? undefined : keep(options, document, version)
  }
}

function keep(options: ElasticsearchLeaseOptions, held: LeaseDocument, first: Found['version']): Lease {
  const { clock, holder, logger } = options
  const lost = new AbortController()
  let version = first
  let renewed = clock.monotonic()
  let turn = Promise.resolve()
  const renew = async () => {
    if (lost.signal.aborted) return
    try {
      version = await write(options, heldBy(holder, held, clock.now()), version)
      if (version === undefined) lost.abort()
      else renewed = clock.monotonic()
    } catch (error) {
      logger.warn('The lease of the reports could not be renewed; that is tried again.', { error })
      if (clock.monotonic() - renewed > LEASE_MS / 2) lost.abort()
    }
  }
  const timer = setInterval(() => {
    turn = turn.then(renew)
  }, LEASE_MS / 5).unref()
  return {
    signal: lost.signal,
    reported: held.reported,
    async release(reported) {
      clearInterval(timer)
      await turn
      if (version === undefined || lost.signal.aborted) return
      await write(options, freed(held, reported), version).catch(error =>
        logger.warn('The lease of the reports could not be given up; it expires by itself.', { error }),
      )
    },
  }
}

async function read({ client, index, id }: ElasticsearchLeaseOptions): Promise<Found> {
  try {
    const { _source, _seq_no, _primary_term } = await client.get({ index, id })
    const version =
      _seq_no === undefined || _primary_term === undefined
        ? undefined
        : { if_seq_no: _seq_no, if_primary_term: _primary_term }
    return { document: leaseOf(_source), version }
  } catch (error) {
    // Where the index is new, its shard may not have started. A write waits for it, and is refused if there is a document.
    if (statusOf(error) === 404 || isShardStarting(error)) {
      return { document: leaseOf(undefined), version: undefined }
    }
    throw error
  }
}

/** @returns the new version; undefined where another replica was first */
async function write(
  { client, index, id }: ElasticsearchLeaseOptions,
  document: LeaseDocument,
  version: Found['version'],
): Promise<Found['version']> {
  try {
    const condition = version ?? ({ op_type: 'create' } as const)
    const { _seq_no, _primary_term } = await client.index({ index, id, document, refresh: false, ...condition })
    if (_seq_no === undefined || _primary_term === undefined) return undefined
    return { if_seq_no: _seq_no, if_primary_term: _primary_term }
  } catch (error) {
    if (statusOf(error) === 409) return undefined
    throw error
  }
}

const isShardStarting = (error: unknown): boolean =>
  error instanceof errors.ResponseError && error.body?.error?.type === 'no_shard_available_action_exception'

const statusOf = (error: unknown): number | undefined =>
  error instanceof errors.ResponseError ? error.statusCode : undefined
