import { appendFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Following, logLine, temporaryFolder } from './following.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('the clock skew of log files', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'gateway.log')
    following = new Following({ paths: [join(folder.path, '*.log')] })
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  const skew = () => following.source.health().details?.clockSkew
  const write = (file: string, ahead: number) => {
    appendFileSync(file, `${logLine('line', following.clock.wall + ahead)}\n`)
    return following.catchUp()
  }

  it('is not known from old lines, only from those that are read as they come', async () => {
    writeFileSync(log, `${logLine('old', following.clock.wall - DAY)}\n`)
    await following.catchUp()
    expect(skew()).toBeUndefined()
    await write(log, -2 * MINUTE)
    expect(skew()).toBeCloseTo(-2 * MINUTE, -3)
  })

  it('is the time of the last line minus the clock, also where it is the first that is read', async () => {
    await write(log, 10 * MINUTE)
    expect(skew()).toBeCloseTo(10 * MINUTE, -3)
    await write(log, 0)
    expect(skew()).toBeCloseTo(0, -3)
    await write(log, 365 * DAY)
    expect(skew()).toBeCloseTo(365 * DAY, -3)
  })

  it('is how far the watermark is ahead of a clock that was set back, until the clock has passed it', async () => {
    await write(log, 0)
    following.clock.wall += HOUR
    await following.catchUp()
    const { watermark } = following.last
    expect(following.source.health().notices).toBeUndefined()
    following.clock.wall -= HOUR
    await write(log, 0)
    expect(following.last.watermark).toBe(watermark)
    expect(skew()).toBe(watermark - following.clock.wall)
    const time = new Date(watermark).toISOString()
    const notice = `The clock of this machine was set back: minutes before ${time} are closed, and events in them count as late.`
    expect(following.source.health().notices).toEqual([notice])
    expect(following.warnings).toEqual([notice])
    following.clock.wall += HOUR / 2
    await write(log, 0)
    expect([following.last.watermark, skew()]).toEqual([watermark, watermark - following.clock.wall])
    following.clock.wall += HOUR
    await write(log, 0)
    expect(following.last.watermark).toBeGreaterThan(watermark)
    expect(following.last.watermark).toBeLessThan(following.clock.wall)
    expect(skew()).toBeCloseTo(0, -3)
    expect(following.source.health().notices).toBeUndefined()
    expect(following.bodies).toHaveLength(4)
    expect(following.warnings).toEqual([notice])
  })

  it('is that of the file whose clock is most ahead', async () => {
    await write(log, 0)
    await write(join(folder.path, 'other.log'), 3 * MINUTE)
    await write(log, 0)
    expect(skew()).toBeCloseTo(3 * MINUTE, -3)
    renameSync(join(folder.path, 'other.log'), join(folder.path, 'other.old'))
    await following.wait(120_000)
    await write(log, 0)
    expect(skew()).toBeCloseTo(0, -3)
  })
})
