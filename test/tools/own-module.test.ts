import { describe, expect, it } from '@jest/globals'
import { moduleFile } from '../../tools/components/own-module.ts'

const replaced = { Old: { Path: 'example.org/a' }, New: { Path: 'example.org/b', Version: 'v1.2.3' } }

describe('the module that a program is built from', () => {
  it('replaces and excludes what its own does', () => {
    const pinned = {
      Old: { Path: 'example.org/c', Version: 'v1.0.0' },
      New: { Path: 'example.org/c', Version: 'v1.0.1' },
    }
    const file = { Go: '1.23.10', Replace: [replaced, pinned], Exclude: [{ Path: 'example.org/d', Version: 'v2.8.0' }] }
    expect(moduleFile(file, 'example.org/filebeat/v7', 'v7.17.29').split('\n')).toEqual([
      'module build',
      'go 1.23.10',
      'require example.org/filebeat/v7 v7.17.29',
      'replace example.org/a => example.org/b v1.2.3',
      'replace example.org/c v1.0.0 => example.org/c v1.0.1',
      'exclude example.org/d v2.8.0',
      '',
    ])
  })

  it('replaces by something else what its own replaces by a folder', () => {
    const file = { Go: '1.26.0', Replace: [replaced], Exclude: null }
    const published = moduleFile(file, 'example.org/m', 'v1.0.0', ({ Old }) => ({ ...Old, Version: 'v0.1.0' }))
    expect(published).toContain('\nreplace example.org/a => example.org/a v0.1.0\n')
  })
})
