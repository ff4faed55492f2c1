import { expect, it } from '@jest/globals'
import { moduleFile } from '../../tools/components/filebeat.ts'

it('Filebeat is built from a module that replaces and excludes what its own does', () => {
  const replaced = { Old: { Path: 'example.org/a' }, New: { Path: 'example.org/b', Version: 'v1.2.3' } }
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
