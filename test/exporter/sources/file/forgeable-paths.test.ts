import { describe, expect, it } from '@jest/globals'
import { FORGEABLE_BYTES } from '../../../../decoding/console-text.ts'
import { ForgeablePaths, MAX_FORGEABLE_PATHS } from '../../../../exporter/sources/file/forgeable-paths.ts'
import { newPosition } from '../../../../exporter/sources/file/position.ts'

const forgeable = (path: string) => ({
  ...newPosition({ path, generation: 0 }),
  forgeableTo: { bare: FORGEABLE_BYTES },
})

describe('paths after whose last lines a client may have written some', () => {
  it('are bounded where a log gets a new name for each file, the last ones in use and those of followed files are kept', () => {
    const paths = new ForgeablePaths()
    const followed = Array.from({ length: 20 }, (_, index) => forgeable(`followed-${index}.log`))
    for (let day = 0; day < 3 * MAX_FORGEABLE_PATHS; day++) paths.remember([...followed, forgeable(`day-${day}.log`)])
    expect(paths.size).toBeLessThanOrEqual(MAX_FORGEABLE_PATHS + followed.length + 1)
    for (const { path } of followed) expect(paths.textAt(path)).toBe('bare')
    expect(paths.textAt(`day-${3 * MAX_FORGEABLE_PATHS - MAX_FORGEABLE_PATHS}.log`)).toBe('bare')
    expect(paths.textAt('day-0.log')).toBeUndefined()
  })

  it('are forgotten when a mebibyte of other lines follows', () => {
    const paths = new ForgeablePaths()
    paths.remember([forgeable('x.log')])
    expect(paths.textAt('x.log')).toBe('bare')
    paths.remember([{ ...forgeable('x.log'), offset: FORGEABLE_BYTES }])
    expect([paths.textAt('x.log'), paths.size]).toEqual([undefined, 0])
  })
})
