import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { undelivered } from '../../compliance/delivery/undelivered.ts'
import { produce } from '../../compliance/produce.ts'
import { ReportRunner } from '../../compliance/runner.ts'
import { folderLease, serviceFolder } from '../../compliance/schedule/folder-lease.ts'
import { periodNamed } from '../../compliance/schedule/periods.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import {
  busy,
  delivered,
  demoProduction,
  HandClock,
  Receiver,
  removeFolders,
  reportFolder,
  samplesOf,
  testRunner,
} from './made-reports.ts'

afterEach(removeFolders)

const MORNING = '2026-11-01T06:00:30Z'
const { signal } = new AbortController()
const names = (folder: string) =>
  readdirSync(folder)
    .filter(name => /^\d/.test(name))
    .sort()

/** A report that another process made, as one that was killed leaves it. */
async function madeBefore(folder: string, name: string, clock: HandClock) {
  const period = periodNamed(name, 'UTC')
  if (period === undefined) throw new TypeError(name)
  return produce(period, await demoProduction({ output_dir: folder }, clock), signal)
}

describe('the runner of reports', () => {
  it('makes what is due, delivers it once, and has nothing to do then', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock(MORNING), new Receiver()]
    const { runner, series } = await testRunner(folder, clock, receiver)
    expect(await runner.isWanted()).toBe(true)
    const { made, failure, waiting } = await runner.run()
    expect([made.length, failure, waiting]).toEqual([1, undefined, 0])
    expect(names(folder)).toEqual(['2026-10'])
    expect(receiver.got.map(({ subject }) => subject)).toEqual([made[0]?.report.id])
    expect(await runner.isWanted()).toBe(false)
    await runner.run()
    expect(receiver.got).toHaveLength(1)
    const samples = await samplesOf(series)
    expect(samples).toContain('clawtrust_compliance_reports_total{result="made"} 1')
    expect(samples).toContain('clawtrust_compliance_deliveries_total{outcome="sent"} 1')
    expect(samples).toContain('clawtrust_compliance_report_due_timestamp_seconds 0')
    expect(samples.filter(line => line.startsWith('clawtrust_compliance_controls{'))).toHaveLength(5)
  })

  it('makes up for a downtime, delivers every report of it, and compares each with the one before', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock('2026-08-01T06:00:30Z'), new Receiver()]
    await madeBefore(folder, '2026-05', clock)
    const { runner } = await testRunner(folder, clock, receiver)
    const { made } = await runner.run()
    expect(made.map(({ report }) => [report.period.name, report.previous?.period])).toEqual([
      ['2026-06', '2026-05'],
      ['2026-07', '2026-06'],
    ])
    expect(receiver.got).toHaveLength(2)
  })

  it('delivers the report that a killed process had written, and no other', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock(MORNING), new Receiver()]
    await madeBefore(folder, '2026-09', clock)
    mkdirSync(serviceFolder(folder), { recursive: true, mode: 0o700 })
    undelivered(serviceFolder(folder)).note({ period: '2026-10', after: 1 })
    // Its clock was ahead when it noted, and right when it wrote.
    const left = await madeBefore(folder, '2026-10', clock)
    const { runner } = await testRunner(folder, clock, receiver)
    expect((await runner.run()).made).toEqual([])
    expect(receiver.got.map(({ subject }) => subject)).toEqual([left.report.id])
    await runner.run()
    expect(receiver.got).toHaveLength(1)
    expect(existsSync(join(serviceFolder(folder), 'making.json'))).toBe(false)
  })

  it('makes no report again where the clock is set back, and none stays waiting for a time that is far off', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock(MORNING), new Receiver()]
    receiver.answer = () => busy
    const { runner } = await testRunner(folder, clock, receiver)
    await runner.run()
    clock.time -= 20 * DAY_MS
    clock.ran += 11 * MINUTE_MS
    receiver.answer = () => delivered
    expect(await runner.isWanted()).toBe(true)
    expect((await runner.run()).waiting).toBe(0)
    // 2026-09 had never been reported; it is the newest by this clock, and nothing older is taken for missed.
    expect([names(folder), receiver.got.length]).toEqual([['2026-09', '2026-10'], 3])
  })

  it('tries again what a destination refused for now, when its pause is over', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock(MORNING), new Receiver()]
    receiver.answer = () => busy
    const { runner } = await testRunner(folder, clock, receiver)
    expect((await runner.run()).waiting).toBe(1)
    expect(await runner.isWanted()).toBe(false)
    clock.pass(2_000)
    receiver.answer = () => delivered
    expect(await runner.isWanted()).toBe(true)
    expect((await runner.run()).waiting).toBe(0)
  })

  it('gives up after the time of the destination, and delivers again when it is asked to', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock(MORNING), new Receiver()]
    receiver.answer = () => busy
    const { runner, series } = await testRunner(folder, clock, receiver)
    await runner.run()
    clock.pass(DAY_MS + HOUR_MS)
    expect(await runner.run()).toMatchObject({ waiting: 0, dead: 1 })
    expect(await samplesOf(series)).toContain('clawtrust_compliance_pending_deliveries{state="dead"} 1')
    receiver.answer = () => delivered
    expect(await runner.redeliver('all')).toBe(1)
    expect(receiver.got).toHaveLength(3)
  })

  it('leaves the reports to the process that has the lease', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock(MORNING), new Receiver()]
    const other = await folderLease(folder)()
    const { runner, series } = await testRunner(folder, clock, receiver)
    expect(await runner.run()).toMatchObject({ made: [], isElsewhere: true })
    expect(await runner.redeliver('all')).toBeUndefined()
    await other?.release([])
    expect((await runner.run()).made).toHaveLength(1)
    expect(await samplesOf(series)).toContain('clawtrust_compliance_reports_total{result="elsewhere"} 1')
  })

  it('makes one report of two schedulers at once', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock(MORNING), new Receiver()]
    const [one, two] = [await testRunner(folder, clock, receiver), await testRunner(folder, clock, receiver)]
    const results = await Promise.all([one.runner.run(), two.runner.run()])
    expect(results.map(({ isElsewhere }) => isElsewhere).sort()).toEqual([false, true])
    expect([names(folder), receiver.got.length]).toEqual([['2026-10'], 1])
  })

  it('does not make what a replica with a folder of its own has reported', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock(MORNING), new Receiver()]
    const released: (readonly string[])[] = []
    const acquire = async () => ({
      signal: new AbortController().signal,
      reported: ['2026-10'],
      release: async (reported: readonly string[]) => void released.push(reported),
    })
    const { runner, series } = await testRunner(folder, clock, receiver, { acquire })
    expect((await runner.run()).made).toEqual([])
    expect([names(folder), released]).toEqual([[], [[]]])
    expect(await samplesOf(series)).toContain('clawtrust_compliance_report_due_timestamp_seconds 0')
  })

  it('writes and sends nothing where the lease is lost in the middle, and makes the report later', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock(MORNING), new Receiver()]
    const lost = new AbortController()
    const acquire = async () => ({ signal: lost.signal, reported: [], release: async () => {} })
    const { options, log } = await testRunner(folder, clock, receiver)
    const production = {
      ...options.production,
      openStores: () => {
        lost.abort()
        return options.production.openStores()
      },
    }
    const runner = new ReportRunner({ ...options, production, acquire })
    const { made, failure } = await runner.run()
    expect([made, failure === undefined]).toEqual([[], false])
    expect([names(folder), receiver.got]).toEqual([[], []])
    expect(log.join('')).toContain('could not be made')
    expect(await runner.isWanted()).toBe(false)
    const next = await testRunner(folder, clock, receiver)
    expect((await next.runner.run()).made).toHaveLength(1)
  })

  it('leaves a report that failed alone for ten minutes, while deliveries go on', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock(MORNING), new Receiver()]
    const { options, series } = await testRunner(folder, clock, receiver)
    let opened = 0
    const openStores = async () => {
      opened += 1
      throw new Error('no space left')
    }
    const runner = new ReportRunner({ ...options, production: { ...options.production, openStores } })
    expect((await runner.run()).failure).toBeDefined()
    await runner.run()
    expect([opened, await runner.isWanted()]).toEqual([1, false])
    // A clock that jumps back does not make the pause longer.
    clock.time -= DAY_MS / 2
    clock.ran += 10 * MINUTE_MS
    clock.time += DAY_MS
    expect(await runner.isWanted()).toBe(true)
    await runner.run()
    expect(opened).toBe(2)
    const samples = await samplesOf(series)
    expect(samples).toContain('clawtrust_compliance_reports_total{result="failed"} 2')
    expect(samples.find(line => line.startsWith('clawtrust_compliance_report_due'))).not.toMatch(/ 0$/)
  })

  it('stops in the middle of an attempt that hangs, and makes it again after the start', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock(MORNING), new Receiver()]
    const { runner } = await testRunner(folder, clock, receiver)
    receiver.answer = async (_, ended) => {
      const stopped = new Promise(resolve => ended.addEventListener('abort', resolve))
      runner.stop()
      await stopped
      return busy
    }
    expect((await runner.run()).waiting).toBe(1)
    receiver.answer = () => delivered
    clock.pass(HOUR_MS)
    const next = await testRunner(folder, clock, receiver)
    expect((await next.runner.run()).waiting).toBe(0)
    expect(receiver.got).toHaveLength(2)
  })

  it('says nothing of evidence in its log', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock(MORNING), new Receiver()]
    const { runner, log } = await testRunner(folder, clock, receiver)
    await runner.run()
    expect(log.join('')).not.toMatch(/\d+\.\d+\.\d+\.\d+|@/)
  })

  it('takes a report that was changed for none of a quiet one: what remains in its folder is read as it is', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock(MORNING), new Receiver()]
    await madeBefore(folder, '2026-09', clock)
    writeFileSync(join(folder, '2026-09', 'manifest.json'), '{}')
    const { runner } = await testRunner(folder, clock, receiver)
    // Its manifest cannot be read: the newest period is made, and declares that one is missing.
    expect((await runner.run()).made.map(({ report }) => report.period.name)).toEqual(['2026-10'])
    const manifest = JSON.parse(readFileSync(join(folder, '2026-10', 'manifest.json'), 'utf8'))
    expect(manifest.declared.map(({ kind }: { readonly kind: string }) => kind)).toContain('missing_report')
    rmSync(join(folder, '2026-10'), { recursive: true })
  })
})
