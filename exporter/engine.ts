import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import type { PostureConfig } from '../core/config/posture.ts'
import type { TrustZones } from '../core/trust-zones.ts'
import { createDispatcher, type Dispatcher } from '../decoding/dispatch.ts'
import { createDialects } from '../decoding/registry.ts'
import type { Logger } from '../service/log/logger.ts'
import type { SeriesStore } from '../service/series/series.ts'
import { createSeriesStore } from '../service/series/store.ts'
import { KeyRuns } from '../service/state/key-runs.ts'
import type { StateDatabase } from '../service/state/state.ts'
import { type BackfillProgress, loggedProgress } from './backfill-progress.ts'
import type { ExporterConfig } from './config.ts'
import type { CandidatePolicy } from './contracts/candidate-policy.ts'
import type { Source } from './contracts/source.ts'
import type { Sleep } from './contracts/source-kind.ts'
import { Background } from './detection/background.ts'
import { createScoring } from './detection/create.ts'
import type { Scoring } from './detection/scoring.ts'
import { Enrichment } from './enrichment/enrichment.ts'
import { BatchClock } from './pipeline/batch-clock.ts'
import { CandidateDecisions } from './pipeline/candidate-decisions.ts'
import { type Committer, createCommitter } from './pipeline/committer.ts'
import { configuredGuard } from './pipeline/guards-config.ts'
import type { IdentityRules } from './pipeline/identities/assess.ts'
import type { MayBeNamedWhole } from './pipeline/offenders.ts'
import type { PipelineOptions } from './pipeline/options.ts'
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts'
import { SourceReader } from './source-reader.ts'
import { DecodingThread } from './sources/file/decoding/decoding-thread.ts'
import { createSource } from './sources/registry.ts'
import { Days } from './web/stats/days.ts'
import { LastHour } from './web/stats/last-hour.ts'
import { UsualHours } from './web/stats/usual-hours.ts'

export interface EngineOptions {
  readonly config: ExporterConfig
  readonly zones: TrustZones
  /** Default: snapshots are valid for 26 hours, and nothing is desired. */
  readonly posture?: PostureConfig
  /** Default: the limits by default, and no roles. */
  readonly identities?: IdentityRules
  /** Default: every network may be. */
  readonly mayBeNamedWhole?: MayBeNamedWhole
  /** Default: none. */
  readonly candidates?: readonly CandidatePolicy[]
  readonly database: StateDatabase
  readonly clock: Clock
  readonly logger: Logger
  /** Default: lines of the log. */
  readonly progress?: BackfillProgress
  /** How recordings wait, where their time is not that of the wall. */
  readonly sleep?: Sleep
}

/** Dependencies that are made before the engine. */
interface EngineParts {
  readonly dispatcher: Dispatcher
  readonly decoding: DecodingThread
  readonly sources: readonly Source[]
  readonly enrichment: Enrichment
}

/**
 * What one configuration sets going: its sources, its pipeline and its series, restored from the state database and
 * committing to it. A reload replaces the engine; the database and the HTTP service stay.
 */
export class Engine {
  readonly store: SeriesStore
  readonly pipeline: Pipeline
  readonly committer: Committer
  readonly lastHour: LastHour
  readonly usualHours = new UsualHours()
  readonly days: Days
  readonly scoring: Scoring
  readonly enrichment: Enrichment
  readonly #database: StateDatabase
  readonly #readers: readonly SourceReader[]
  readonly #background: Background
  readonly #overflows: KeyRuns[] = []
  readonly #decoding: DecodingThread

  static async create(options: EngineOptions): Promise<Engine> {
    const { config, clock, logger, sleep } = options
    const dispatcher = createDispatcher(createDialects({ entraCodes: config.entra_codes }))
    const wanted = dispatcher.prefilter === 'all' ? [] : dispatcher.prefilter
    const decoding = new DecodingThread({ logger })
    const dependencies = { clock, logger, wanted, decoding, ...(sleep === undefined ? {} : { sleep }) }
    const sources = await Promise.all(config.sources.map(source => createSource(source, dependencies)))
    const { nat64_prefixes: nat64Prefixes } = config
    const enrichment = await Enrichment.open(config.enrichment, { clock, logger, nat64Prefixes })
    return new Engine(options, { dispatcher, decoding, sources, enrichment })
  }

  private constructor(
    {
      config,
      zones,
      posture,
      identities,
      mayBeNamedWhole,
      candidates = [],
      database,
      clock,
      logger,
      progress = loggedProgress(logger),
    }: EngineOptions,
    { dispatcher, decoding, sources, enrichment }: EngineParts,
  ) {
    this.#database = database
    this.#decoding = decoding
    this.enrichment = enrichment
    this.store = createSeriesStore({ limit: config.series.limit_per_metric })
    enrichment.expose(this.store)
    this.#readers = sources.map(source => new SourceReader(source, logger, progress))
    // One for all that is called for each event of a batch.
    const batchClock = new BatchClock(clock)
    this.lastHour = new LastHour(batchClock)
    this.days = new Days(batchClock)
    this.scoring = createScoring({
      config: config.anomaly,
      retention: config.minutes.retention,
      store: this.store,
      clock,
      logger,
      seed: randomInt(2 ** 31),
    })
    // Called in this order.
    const decisions = new CandidateDecisions(this.store, candidates)
    const subscribers = [this.lastHour, this.days, this.usualHours, this.scoring, decisions]
    this.#background = new Background(() => this.scoring.advance())
    const { overflowFolder } = database
    const instance = `${process.pid}-${randomInt(2 ** 31)}`
    this.pipeline = createPipeline({
      ...(overflowFolder !== undefined && {
        keyOverflow: source => {
          const runs = new KeyRuns(
            join(overflowFolder, `${instance}-${sources.findIndex(({ name }) => name === source)}`),
          )
          this.#overflows.push(runs)
          return runs
        },
      }),
      clock: batchClock,
      store: this.store,
      dispatcher,
      sources: this.sources,
      zones,
      authority: config.authority,
      trustedProxies: config.trusted_proxies,
      nat64Prefixes: config.nat64_prefixes,
      sourceNetworks: config.source_networks,
      offenders: config.offenders,
      guards: config.guards.map(configuredGuard),
      ...(mayBeNamedWhole === undefined ? {} : { mayBeNamedWhole }),
      enrichment: enrichment.addresses,
      minuteSeries: config.minutes.series_limit,
      posture: { ...(posture && postureOptions(posture)), ...(identities && { identityRules: identities }) },
      subscribers,
      withEnds: candidates.length > 0,
      persistents: [...this.scoring.persistents, this.days],
    })
    const { pipeline, store } = this
    const { retention } = config.minutes
    this.committer = createCommitter({ pipeline, store, database, clock, logger, retention, limit: config.state_limit })
  }

  get sources(): readonly Source[] {
    return this.#readers.map(({ source }) => source)
  }

  /**
   * Restores the state of the last commit; before `start`.
   *
   * @throws ClawtrustError STATE_DAMAGED
   */
  async restore(): Promise<void> {
    const saved = await this.#database.load()
    try {
      this.store.restore(saved.series)
      this.pipeline.restore(saved)
    } catch (error) {
      throw this.#database.undecodable(error)
    }
  }

  start(): void {
    const { pipeline, committer } = this
    for (const reader of this.#readers) reader.start({ pipeline, committer })
    committer.start()
    this.#background.start()
    this.enrichment.start()
  }

  /** The sources that have not been at their end yet. */
  get catchingUp(): readonly Source[] {
    return this.sources.filter(({ name }) => !this.pipeline.isCaughtUp(name))
  }

  /** Everything that was read is committed when it resolves, where the state can be written. */
  async stop(): Promise<void> {
    const stopped = this.#readers.map(reader => reader.stop())
    await Promise.all([...stopped, this.#background.stop(), this.committer.stop(), this.enrichment.stop()])
    await Promise.all([this.committer.commit(), this.#decoding.end()])
    for (const runs of this.#overflows) runs.close()
  }
}

function postureOptions({
  max_age,
  desired_state,
  device_requirements,
}: PostureConfig): PipelineOptions['posture'] & {} {
  return { maxAge: max_age, desiredState: desired_state, deviceRequirements: device_requirements }
}
