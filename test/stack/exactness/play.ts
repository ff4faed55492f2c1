import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@elastic/elasticsearch'
import { type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import type { Connection, Document } from './documents.ts'
import { exceptions, Oracle, sightingsOf } from './oracle.ts'
import { Replica } from './replica.ts'
import { RoundIndex, storedOf } from './round-index.ts'
import type { ExporterStep, Plan, Step } from './schedule.ts'
import { SENTINEL, sentinelDocuments, sentinelSeries } from './sentinel.ts'
import { metricsOfStories, zoneRules } from './stories.ts'
import { type Exposed, verdict } from './verdict.ts'
import { readBy, waitFor } from './waiting.ts'

/** Where a round is played. */
export interface Ground {
  readonly url: string
  readonly client: Client
  /** Holds Elasticsearch for so many milliseconds, where it is ours. */
  readonly freeze: (ms: number) => Promise<void>
}

/** Commits for which an exporter may read nothing new; of many documents it reads some again first. */
const PATIENCE = { commits: 25, documentsPerCommit: 5_000 } as const
const EXCEPTIONS = [...new Set(Object.values(exceptions).map(({ metric }) => metric))]

/** Plays a round with real exporters on a real Elasticsearch; gives sentences about what was not the truth. */
export async function play(plan: Plan, ground: Ground): Promise<readonly string[]> {
  const round = new Round(plan, ground)
  try {
    await round.open()
    return await round.run()
  } finally {
    await round.close()
  }
}

class Round {
  readonly #plan: Plan
  readonly #ground: Ground
  readonly #index: RoundIndex
  readonly #connections: ReadonlyMap<number, Connection>
  readonly #replicas: Replica[] = []
  /** Documents that can be found, by stream and id: how many an exporter has to read. */
  readonly #visible: readonly number[]
  readonly #clock: EpochMs[] = []
  readonly #ran: boolean[][]
  /** Documents that each has read of what lay in the index at the first start. */
  readonly #readBefore = new Map<Replica, number>()
  #ahead = 0
  #exists = false

  constructor(plan: Plan, ground: Ground) {
    this.#plan = plan
    this.#ground = ground
    this.#index = new RoundIndex(ground.client, plan.settings.shards)
    this.#connections = new Map(plan.connections.map(connection => [connection.number, connection]))
    this.#visible = visibleBySteps(plan)
    this.#ran = Array.from({ length: plan.round.replicas }, () => [])
  }

  /** The first start of the exporters; the index may not be there yet. */
  async open(): Promise<void> {
    const { settings, history, round } = this.#plan
    if (settings.found !== 'absent') await this.#create()
    if (history.length > 0) await this.#write(history)
    if (this.#exists) await this.#index.refresh()
    for (const skew of settings.skews.slice(0, round.replicas)) {
      this.#replicas.push(await Replica.create(this.#section(), { trust_zones: { rules: zoneRules } }, skew))
    }
    this.#setClock(settings.start)
    for (const replica of this.#replicas) replica.start()
    for (const replica of this.#replicas) {
      await (this.#exists ? replica.ready() : replica.begun())
      await replica.look()
      this.#readBefore.set(replica, readBy(replica))
    }
  }

  async run(): Promise<readonly string[]> {
    for (const [number, step] of this.#plan.steps.entries()) {
      const before = this.#replicas.map(({ isReading }) => isReading)
      const trouble = await this.#do(step, number)
      if (trouble !== undefined) return [trouble, ...this.#falls()]
      this.#clock.push(this.#now())
      for (const [replica, { isReading }] of this.#replicas.entries()) {
        this.#ran[replica]?.push(isReading || before[replica] === true)
      }
    }
    const trouble = await this.#comeToRest()
    return [...(trouble === undefined ? [] : [trouble]), ...this.#verdicts(), ...this.#falls()]
  }

  async close(): Promise<void> {
    for (const replica of this.#replicas) await replica.close()
    if (this.#exists) await this.#index.delete()
  }

  #section(): object {
    const { lag, overlap, horizon, maxSkew, pageSize, slices, profile } = this.#plan.settings
    const source = {
      type: 'elasticsearch',
      name: 'logs',
      nodes: [this.#ground.url],
      index: [this.#index.pattern],
      request_timeout: `${profile.requestTimeout}ms`,
      interval: '100ms',
      lag: `${lag}ms`,
      overlap: `${overlap}ms`,
      horizon: `${horizon / MINUTE_MS}m`,
      reconcile_interval: '1s',
      max_skew: `${maxSkew / MINUTE_MS}m`,
      page_size: pageSize,
      slices,
    }
    return { sources: [source] }
  }

  /** A sentence where the round cannot go on. */
  async #do(step: Step, number: number): Promise<string | undefined> {
    switch (step.kind) {
      case 'clock': {
        const trouble = step.settles ? await this.#settled(this.#visible[number] ?? 0) : undefined
        this.#setClock(step.to)
        return trouble
      }
      case 'write':
        await this.#create()
        await this.#write(step.documents)
        return undefined
      case 'hold':
      case 'release':
        await this.#create()
        await this.#index[step.kind](step.index)
        return undefined
      case 'freeze':
        await this.#ground.freeze(step.ms)
        return undefined
      case 'refresh':
        if (this.#exists) await this.#index.refresh()
        return undefined
      default:
        return this.#act(step)
    }
  }

  async #act({ kind, replica: number, after, skew }: ExporterStep): Promise<undefined> {
    const replica = this.#replicas[number]
    await pause(after)
    switch (kind) {
      case 'start':
      case 'pause':
        replica?.[kind]()
        return
      case 'jump':
        replica?.setClock(this.#ahead, skew)
        return
      case 'reload':
        return replica?.reload(after % 2 === 0).then(() => undefined)
      default:
        await replica?.[kind]()
    }
  }

  /** Waits until every exporter that is up has read so many documents. */
  #settled(documents: number): Promise<string | undefined> {
    const read = (replica: Replica) => readBy(replica) - (this.#readBefore.get(replica) ?? 0)
    return this.#until(
      replica => read(replica) >= documents,
      replica => `${read(replica)} of the ${documents} documents that can be found are read`,
    )
  }

  async #until(isTrue: (replica: Replica) => boolean, said: (replica: Replica) => string): Promise<string | undefined> {
    const patience = PATIENCE.commits + (this.#visible.at(-1) ?? 0) / PATIENCE.documentsPerCommit
    for (const [number, replica] of this.#replicas.entries()) {
      const trouble = await waitFor(replica, isTrue, () => said(replica), patience)
      if (trouble !== undefined) return `exporter ${number}: ${trouble}`
    }
    return undefined
  }

  /** Everything is up and visible; then a last lone line is waited for, behind which nothing can be pending. */
  async #comeToRest(): Promise<string | undefined> {
    await this.#create()
    await this.#index.releaseAll()
    await this.#index.refresh()
    for (const replica of this.#replicas) replica.start()
    const all = this.#visible.at(-1) ?? 0
    // What is not read by now is looked for all the same: the verdict then names the series that lack it.
    const trouble = await this.#settled(all)
    const end = this.#end()
    const [last, pusher] = sentinelDocuments(end)
    this.#setClock(end)
    await this.#index.write([last], one => one)
    await this.#index.refresh()
    const next = trouble ?? (await this.#settled(all + 1))
    this.#setClock(end + SENTINEL)
    await this.#index.write([pusher], one => one)
    await this.#index.refresh()
    const counted = (replica: Replica) => this.#exposed(replica).get(sentinelSeries) ?? 0
    const isCounted = () =>
      this.#until(
        replica => counted(replica) > 0,
        () => 'the last lone line is not counted',
      )
    return [next, await isCounted()].find(sentence => sentence !== undefined)
  }

  /** After everything that was written, but for what is stamped far ahead. */
  #end(): EpochMs {
    const { connections, settings } = this.#plan
    let end = this.#now()
    for (const { documents, eventTime } of connections) {
      end = Math.max(end, eventTime)
      for (const { stamp } of documents) if (stamp <= end + 2 * settings.maxSkew) end = Math.max(end, stamp)
    }
    return end + 2 * settings.maxSkew
  }

  #verdicts(): readonly string[] {
    return this.#replicas.flatMap((replica, number) => {
      const oracle = new Oracle(this.#plan, { clock: this.#clock, ran: this.#ran[number] ?? [] })
      const outcomes = this.#plan.connections.map(connection => oracle.outcomes(connection))
      const exposed = new Map(this.#exposed(replica))
      exposed.delete(sentinelSeries)
      return verdict(outcomes, exposed).map(sentence => `exporter ${number}: ${sentence}`)
    })
  }

  #falls(): readonly string[] {
    return this.#replicas.flatMap(({ exposition }, number) =>
      exposition.falls.map(fall => `exporter ${number}: ${fall}`),
    )
  }

  #exposed({ exposition }: Replica): Exposed {
    return exposition.series([...metricsOfStories, ...EXCEPTIONS])
  }

  async #create(): Promise<void> {
    if (!this.#exists) await this.#index.create()
    this.#exists = true
  }

  #write(documents: readonly Document[]): Promise<void> {
    return this.#index.write(documents, document =>
      storedOf(document, this.#connections.get(document.connection) as Connection),
    )
  }

  #now(): EpochMs {
    return Date.now() + this.#ahead
  }

  #setClock(time: EpochMs): void {
    this.#ahead = time - Date.now()
    for (const replica of this.#replicas) replica.setClock(this.#ahead)
  }
}

/** How many live documents can be found after each step, and in the end; those of one id and stream are one. */
function visibleBySteps(plan: Plan): readonly number[] {
  const live = new Set(plan.connections.filter(({ age }) => age !== 'history').map(({ number }) => number))
  const first = new Map<string, number>()
  for (const { document, visible } of sightingsOf(plan).values()) {
    if (!live.has(document.connection)) continue
    const key = `${document.index.replace(/-\d+$/, '')}/${document.id}`
    first.set(key, Math.min(visible, first.get(key) ?? visible))
  }
  const counts = new Array<number>(plan.steps.length + 1).fill(0)
  for (const step of first.values()) counts[step] = (counts[step] ?? 0) + 1
  let sum = 0
  return counts.map(count => {
    sum += count
    return sum
  })
}
