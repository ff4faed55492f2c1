import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import type { ConfigurationChange } from '../../../../decoding/toolkit/posture.ts'
import { ConfigurationEdits } from '../../../../exporter/pipeline/posture/configuration-edits.ts'
import { NOON } from '../fixtures.ts'

const { decode } = createDispatcher(dialects)
const captured = readFileSync(
  new URL('../../../fixtures/openclaw/posture/config-audit.real.jsonl', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')

const change = (hash: string, by: 'write' | 'edit') => ({
  path: '/etc/openclaw.json',
  hash,
  by,
  isLogged: by === 'write',
  severity: 'high' as const,
})

function see(edits: ConfigurationEdits, gateway: string, change: ConfigurationChange, time: number) {
  return edits.isEcho(gateway, change, time) ? [] : edits.take(gateway, change, time)
}

describe('the edits of a configuration', () => {
  it('of a captured trail are those that are no echoes of writes; what doctor and a plug-in wrote counts too', () => {
    const edits = new ConfigurationEdits()
    const rowsOf = (kind: string) =>
      captured.flatMap((body, row) => {
        const { decoding } = decode({ id: '1', body })
        if (decoding.kind !== 'configuration_change') return []
        return see(edits, 'gw', decoding.change, decoding.time).some(drift => drift.kind === kind) ? [row + 1] : []
      })
    // Rows 5 and 6 are the watcher's records of the writes in rows 3 and 4; row 10 brings back the hash of row 1.
    expect(rowsOf('config_external')).toEqual([2, 9, 10, 11, 14, 15])
    expect(rowsOf('config_write')).toEqual([1, 13])
  })

  it('are none within a minute of a write with the same hash, also after a restart', () => {
    const before = new ConfigurationEdits()
    expect(see(before, 'gw', change('a', 'write'), NOON)).toEqual([])
    const after = new ConfigurationEdits()
    after.restore(JSON.parse(JSON.stringify(before.changes())))
    expect(see(after, 'gw', change('a', 'edit'), NOON + 9_000)).toEqual([])
  })

  it('count where an older write has that hash, or a write of another gateway', () => {
    const edits = new ConfigurationEdits()
    see(edits, 'gw', change('a', 'write'), NOON)
    expect(see(edits, 'gw', change('a', 'edit'), NOON + 60_001)).toHaveLength(1)
    expect(see(edits, 'other', change('a', 'edit'), NOON)).toHaveLength(1)
  })
})
