import { setImmediate as breathe } from 'node:timers/promises'
import { failureReason } from '../core/errors.ts'
import type { Logger } from '../service/log/logger.ts'
import type { BackfillProgress } from './backfill-progress.ts'
import type { Batch, Source, SourceHealth, SourceStart } from './contracts/source.ts'
import type { BackfillSession } from './pipeline/backfill.ts'
import type { Committer } from './pipeline/committer.ts'
import type { Pipeline } from './pipeline/pipeline.ts'
import { incompleteSentence, UNRECOGNISED, unrecognisedSentence } from './pipeline/recognition.ts'
import type { SourceProgress } from './pipeline/view.ts'

/** Files, indices and gateways that are logged at most: attackers may choose the names of gateways. */
const MAX_REPORTED = 1_000

type FormatProgress = Pick<SourceProgress, 'isRecognised' | 'unrecognised' | 'incomplete'>

/** Where what is read goes. */
export interface ReaderSink {
  readonly pipeline: Pick<Pipeline, 'ingest' | 'backfill' | 'cursor' | 'isCaughtUp' | 'view'>
  readonly committer: Pick<Committer, 'whenWritable' | 'whenCommitted' | 'commit'>
}

/**
 * Reads one source into the pipeline: its live records, and at the same time its backfill, from its very first start on
 * until that is read to its end. While the state cannot be written nothing is read, so that memory stays bounded.
 */
export class SourceReader {
  /** The source; its health includes that of its reader. */
  readonly source: Source
  readonly #logger: Logger
  #isUnrecognised = false
  readonly #reported = new Set<string>()
  readonly #progress: BackfillProgress
  readonly #abort = new AbortController()
  #running: Promise<unknown> = Promise.resolve()
  #failure: string | undefined

  constructor(source: Source, logger: Logger, progress: BackfillProgress) {
    this.source = { ...bound(source), health: () => this.#health(source) }
    this.#logger = logger
    this.#progress = progress
  }

  start(sink: ReaderSink): void {
    const { pipeline, committer } = sink
    const { name } = this.source
    let isFirst = true
    const committed = () => {
      const done = committer.whenCommitted()
      // It may be that of a first start, before which nothing is read: its commit need not wait for its turn.
      if (isFirst) void committer.commit()
      isFirst = false
      return done
    }
    const start: SourceStart = { cursor: pipeline.cursor(name), signal: this.#abort.signal, committed }
    const backfill = this.source.backfill === undefined ? undefined : pipeline.backfill(name)
    let catchingUp = true
    const live = each(this.source.read(start), sink, batch => {
      pipeline.ingest(name, batch)
      if (batch.caughtUp && catchingUp) void makeReady(name, sink)
      if (batch.caughtUp) this.#reportFormat(pipeline.view.progress(name))
      catchingUp &&= !batch.caughtUp
    })
    const backfilled = backfill === undefined ? undefined : this.#backfill(backfill, start, sink)
    this.#running = Promise.all([live, backfilled]).catch(error => {
      // A source reports trouble with its input by its health; what it throws is an error of its own.
      this.#failure = `reading ended with an error: ${failureReason(error)}; restart clawtrust and report it`
      this.#logger.error(this.#failure, { source: name, error })
    })
  }

  /** Resolves when the last batch is in the pipeline. */
  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#running
  }

  async #backfill(session: BackfillSession, start: SourceStart, sink: ReaderSink): Promise<void> {
    const { name } = this.source
    let records = 0
    await each(this.source.backfill?.({ ...start, cursor: session.cursor }) ?? [], sink, batch => {
      records += batch.records.length + batch.tally.skipped
      session.add(batch)
      const share = this.source.health().details?.backfillProgress
      if (share !== undefined && share < 1) this.#progress(name, share)
    })
    if (start.signal.aborted) return
    session.finish()
    this.#progress(name, 1)
    this.#logger.info('Backfill finished.', { source: name, records })
  }

  /** The source is logged once, until a record is recognised; each of its files, indices and gateways once. */
  #reportFormat({ isRecognised, unrecognised, incomplete }: FormatProgress): void {
    const source = { source: this.source.name }
    if (isRecognised === false && !this.#isUnrecognised) this.#logger.warn(UNRECOGNISED, source)
    this.#isUnrecognised = isRecognised === false
    for (const place of unrecognised) this.#report(place.name, () => unrecognisedSentence(place))
    for (const place of incomplete) this.#report(`${place.name} lacks a field`, () => incompleteSentence(place))
  }

  #report(subject: string, sentence: () => string): void {
    if (this.#reported.size >= MAX_REPORTED || this.#reported.has(subject)) return
    this.#reported.add(subject)
    this.#logger.warn(sentence(), { source: this.source.name })
  }

  #health(source: Source): SourceHealth {
    return this.#failure === undefined ? source.health() : { up: false, reason: this.#failure }
  }
}

/** A source that has caught up for the first time is ready with the next commit, which need not wait for its turn. */
async function makeReady(source: string, { pipeline, committer }: ReaderSink): Promise<void> {
  // The first one may have been under way, without the last batch.
  await committer.commit()
  if (!pipeline.isCaughtUp(source)) await committer.commit()
}

async function each(
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  { committer }: ReaderSink,
  take: (batch: Batch) => void,
): Promise<void> {
  for await (const batch of batches) {
    take(batch)
    await breathe()
    await committer.whenWritable()
  }
}

/** The source's own methods, whatever it is an instance of. */
function bound(source: Source): Source {
  const { name, kind, durable, synthetic, isIntermittent, horizon, backfill, receive } = source
  return {
    name,
    kind,
    durable,
    ...(synthetic === undefined ? {} : { synthetic }),
    ...(isIntermittent === undefined ? {} : { isIntermittent }),
    ...(horizon === undefined ? {} : { horizon }),
    ...(backfill === undefined ? {} : { backfill: start => backfill.call(source, start) }),
    ...(receive === undefined ? {} : { receive: delivery => receive.call(source, delivery) }),
    read: start => source.read(start),
    health: () => source.health(),
  }
}
