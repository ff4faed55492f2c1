import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fetchComponent, fetchedProgram, prometheus3 } from '../../tools/components/components.ts'

describe('programs that are built from Go modules', () => {
  let cache: string
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'clawtrust-components-'))
  })
  afterEach(() => rmSync(cache, { recursive: true, force: true }))

  const fetched = () => fetchedProgram(prometheus3, 'promtool', cache)
  const builds = (...programs: readonly string[]) =>
    fetchComponent(prometheus3, cache, (_, folder) => {
      for (const program of programs) writeFileSync(join(folder, program), '')
    })

  it('are found after they were built, and not built again', () => {
    expect(fetched()).toBeUndefined()
    builds('prometheus', 'promtool')
    expect(fetched()).toBe(join(cache, 'prometheus-v0.316.0', 'promtool'))
    fetchComponent(prometheus3, cache, () => {
      throw new Error('built again')
    })
  })

  it('are not there after a build that failed, and can be built then', () => {
    const failing = () =>
      fetchComponent(prometheus3, cache, (_, folder) => {
        writeFileSync(join(folder, 'promtool'), '')
        throw new Error('the network is away')
      })
    expect(failing).toThrow('the network is away')
    expect(readdirSync(cache)).toEqual([])
    builds('promtool')
    expect(fetched()).toBeDefined()
  })
})
