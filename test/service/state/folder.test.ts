import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openStateFolder } from '../../../service/state/folder.ts'
import { counter, transaction } from './transactions.ts'

const holder = fileURLToPath(new URL('./holder.child.ts', import.meta.url))

describe('a state folder', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtrust-state-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const file = () => join(folder, 'state.db')
  const savedCounters = async () => {
    const { database, isNew } = await openStateFolder(folder)
    const { series } = await database.load()
    await database.close()
    return { series, isNew }
  }
  const save = async (value: number) => {
    const { database } = await openStateFolder(folder)
    await database.commit(transaction({ series: [counter(value, 'gw')] }))
    await database.close()
  }

  it('gives back what was committed before it was closed', async () => {
    await save(7)
    expect(await savedCounters()).toEqual({ series: [counter(7, 'gw')], isNew: false })
  })

  it('gives the size of all its files', async () => {
    const { database } = await openStateFolder(folder)
    const before = await database.usage()
    mkdirSync(join(folder, 'overflow', 'x'), { recursive: true })
    writeFileSync(join(folder, 'overflow', 'x', '1.keys'), Buffer.alloc(5_000))
    expect(await database.usage()).toBe(before + 5_000)
    await database.close()
  })

  it('discards what a process that is gone could not keep in memory', async () => {
    mkdirSync(join(folder, 'overflow', '77-1'), { recursive: true })
    writeFileSync(join(folder, 'overflow', '77-1', '1.keys'), Buffer.alloc(20))
    const { database } = await openStateFolder(folder)
    expect(existsSync(join(folder, 'overflow'))).toBe(false)
    await database.close()
  })

  it('belongs to one owner at a time, in one process as between two', async () => {
    const { database } = await openStateFolder(folder)
    await expect(openStateFolder(folder)).rejects.toMatchObject({
      code: 'STATE_FOLDER_IN_USE',
      message: expect.stringContaining(folder),
    })
    await database.close()
    const child = spawn(process.execPath, [holder, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    await expect(openStateFolder(folder)).rejects.toMatchObject({ code: 'STATE_FOLDER_IN_USE' })
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect((await savedCounters()).series).toEqual([counter(1, 'held')])
  })

  it('refuses a file of a newer version in a sentence, and leaves it as it is', async () => {
    await save(5)
    alter('PRAGMA user_version = 99')
    const before = readFileSync(file())
    await expect(openStateFolder(folder)).rejects.toMatchObject({
      code: 'STATE_UNUSABLE',
      message: expect.stringContaining('it has version 99 and was written by a newer clawtrust'),
    })
    expect(readFileSync(file()).equals(before)).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['owner.lock', 'state.db'])
  })

  it('says in a sentence when it is no folder', async () => {
    writeFileSync(join(folder, 'file'), '')
    await expect(openStateFolder(join(folder, 'file'))).rejects.toMatchObject({
      code: 'STATE_UNUSABLE',
      message: expect.stringMatching(/state folder .* cannot be used/),
    })
  })

  it('rejects a commit when the disk takes no more, stays open, and commits when it does again', async () => {
    // A limit on the size of files is the full disk that needs no privileges.
    const child = spawn('sh', ['-c', 'ulimit -S -f 200; exec "$0" "$@"', process.execPath, holder, folder, 'fill'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let told = ''
    child.stdout.on('data', (text: Buffer) => {
      told += text.toString()
    })
    // All that it said has come, which its exit alone does not tell.
    await once(child, 'close')
    expect(told).toMatch(/rejected STATE_WRITE_FAILED .*cannot be written/)
    expect(told).toContain('still open')
    const committed = Number(/committed (\d+)/.exec(told)?.[1])
    expect(committed).toBeGreaterThan(0)
    expect((await savedCounters()).series).toEqual([counter(committed, 'filled')])
  })

  function alter(sql: string): void {
    const database = new DatabaseSync(file())
    database.exec(sql)
    database.close()
  }
})
