import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { hostWith } from '../../cli/doctor-host.ts'
import { asNobody } from '../as-nobody.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({
  'logs/a.log': 'a',
  'logs/b.log': 'b',
  'logs/c.txt': 'c',
  'large.conf': 'x'.repeat(2 ** 20 + 1),
})
const host = hostWith(folder, 'edge-1')

describe('a host', () => {
  it('has the regular files that a path or a pattern leads to', async () => {
    mkdirSync(join(folder, 'logs/d.log'))
    symlinkSync(join(folder, 'gone'), join(folder, 'logs/e.log'))
    spawnSync('mkfifo', [join(folder, 'logs/f.log')])
    expect(await host.find(join(folder, 'logs/*.log'))).toEqual({
      paths: ['a', 'b'].map(name => join(folder, `logs/${name}.log`)),
    })
    expect(await host.find(join(folder, 'logs/c.txt'))).toEqual({ paths: [join(folder, 'logs/c.txt')] })
    for (const nothing of ['gone/*.log', 'gone', 'logs/a.log/x', 'logs']) {
      expect(await host.find(join(folder, nothing))).toEqual({ paths: [] })
    }
  })

  it('reads no configuration that is larger than any is', async () => {
    await expect(host.read(join(folder, 'large.conf'))).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })

  it('says why a folder cannot be looked at', async () => {
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'logs'), 0o000)
    const found = await asNobody(() => host.find(join(folder, 'logs/*.log')))
    chmodSync(join(folder, 'logs'), 0o700)
    expect(found).toEqual({ paths: [], refused: 'EACCES' })
  })
})
