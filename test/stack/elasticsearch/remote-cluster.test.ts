import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { eventually } from '../servers/eventually.ts'
import { FaultyProxy } from './faulty-proxy.ts'
import { ObservedExporter, sorted } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { saidOf } from './said-of.ts'
import { NEEDED, type RemoteCluster, SKIPPED, startRemoteCluster } from './servers/remote-cluster.ts'

let clusters: RemoteCluster
beforeAll(async () => {
  clusters = await startRemoteCluster()
}, 240_000)
afterAll(() => clusters?.stop())

/** An exporter that reads, through the local cluster, an index of the remote one, and one of the local beside it where that is wished. */
async function reading(name: string, beside: boolean) {
  const far = await new OpenclawIndex(clusters.remote.client).create({ number_of_shards: 2 })
  const near = beside ? await new OpenclawIndex(clusters.local.client).create() : undefined
  const index = [`${name}:${far.name}`, ...(near === undefined ? [] : [near.name])]
  const proxy = new FaultyProxy(clusters.local.url)
  const keys = { nodes: [clusters.local.url], index, request_timeout: '2s' }
  const truth = () => {
    const all = new Map(far.truth)
    for (const [reason, count] of near?.truth ?? []) all.set(reason, (all.get(reason) ?? 0) + count)
    return all
  }
  const exporter = new ObservedExporter({ ...keys, nodes: [await proxy.start()], page_size: 50 })
  const stop = async () => {
    await exporter.stop()
    await proxy.stop()
  }
  /** Waits until a try that begins after this call has ended in vain: the next one begins with the same request. */
  const triesAgain = async () => {
    const before = proxy.requests.length
    const again = async () => proxy.requests.indexOf(proxy.requests[before] ?? '', before + 1) > 0 || undefined
    await eventually('it tries again', again)
  }
  return { name, far, near, keys, truth, exporter, triesAgain, stop }
}

type Reading = Awaited<ReturnType<typeof reading>>

/** Where a search fails, and where it leaves the cluster out, while that is away. */
const everyReading = () =>
  Promise.all([NEEDED, SKIPPED].flatMap(name => [false, true].map(beside => reading(name, beside))))

const eachOf = <T>(readings: readonly Reading[], act: (one: Reading) => Promise<T>) => Promise.all(readings.map(act))

async function expectTruth(readings: readonly Reading[]): Promise<void> {
  await eachOf(readings, async ({ exporter, far, truth }) => {
    expect(await exporter.settlesAt(far, truth())).toEqual(sorted(truth()))
    expect(exporter.exposed.falls).toEqual([])
  })
}

describe('an index of a remote cluster', () => {
  it('is read alone and beside a local one, and on from where it was when the remote cluster hung or could not be reached', async () => {
    const readings = await everyReading()
    await eachOf(readings, async ({ exporter }) => (await exporter.start()).ready())
    await eachOf(readings, async ({ far, near }) => {
      await far.write({ connections: 200 })
      await near?.write({ connections: 100 })
    })
    await expectTruth(readings)

    const { remote, way } = clusters
    const nothingIsTaken = async (words: string) => {
      const before = readings.map(({ truth }) => sorted(truth()))
      await eachOf(readings, async ({ near }) => {
        // So old that the next try may read it.
        await near?.write({ connections: 20, ingested: Date.now() - 1_000 })
        await near?.refresh()
      })
      await eachOf(readings, ({ name, exporter }) => exporter.goesDown(`the remote cluster ${name}${words}`))
      await eachOf(readings, ({ triesAgain }) => triesAgain())
      expect(readings.map(({ exporter }) => sorted(exporter.exposed.failures()))).toEqual(before)
    }
    const readsOn = async () => {
      await eachOf(readings, ({ far }) => far.write({ connections: 50 }))
      await eachOf(readings, ({ exporter }) => exporter.comesUp())
      await expectTruth(readings)
    }
    await remote.signal('SIGSTOP')
    await nothingIsTaken(', did not answer in time')
    await remote.signal('SIGCONT')
    await readsOn()

    await way.cut()
    const mixed = readings.filter(({ near }) => near !== undefined)
    const [said] = await Promise.all([
      eachOf(mixed, ({ name, keys }) => saidOf(keys, `the remote cluster ${name} does not answer`)),
      nothingIsTaken(' does not answer'),
    ])
    await way.open()
    await readsOn()
    await eachOf(readings, ({ stop }) => stop())
    for (const { exporter } of readings) expect(exporter.skippedMinutes).toBe(0)
    for (const { check, code } of said) {
      expect(check).toContain('does not answer')
      expect(code).toBe(1)
    }
  }, 180_000)

  it('has its past read into minutes, each exact, also where the remote cluster cannot be reached meanwhile', async () => {
    const readings = await everyReading()
    const began = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS / 2
    const truths = await eachOf(readings, async ({ far, near }) => {
      const minutes = new Map<number, number>()
      for (let part = 0; part < 60; part++) {
        const time = began - part * (HOUR_MS + MINUTE_MS)
        const counts = new Map<string, number>()
        for (const index of [far, near]) {
          await index?.put(index.documents({ connections: 30, ingested: time, eventTime: time }, counts))
        }
        minutes.set(
          Math.floor(time / MINUTE_MS) * 60,
          [...counts.values()].reduce((sum, count) => sum + count),
        )
      }
      await Promise.all([far.refresh(), near?.refresh()])
      return minutes
    })
    await eachOf(readings, ({ exporter }) => exporter.start())
    await eventually('a part of the past is read', async () => {
      const shares = readings.map(({ exporter }) => exporter.exposed.value('clawtrust_source_history_progress_ratio'))
      return shares.some(share => share !== undefined && share > 0.1) || undefined
    })
    await clusters.way.cut()
    await eachOf(readings, ({ name, exporter }) => exporter.goesDown(`the remote cluster ${name} does not answer`))
    await clusters.way.open()
    await eachOf(readings, async ({ exporter, stop }) => {
      const isRead = async () => exporter.log.some(line => line.includes('Backfill finished')) || undefined
      await eventually('the history is read', isRead, { limitMs: 60_000 })
      await stop()
    })
    readings.forEach(({ exporter }, number) => {
      expect(exporter.failuresByMinute).toEqual(truths[number])
      expect(sorted(exporter.exposed.failures())).toEqual({})
    })
  }, 120_000)
})
