import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { findSources, namedSources } from '../../cli/sources.ts'
import { asNobody } from '../as-nobody.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({
  'empty/readme.txt': '',
  'openclaw/openclaw-2026-11-23.log': '',
  'odd [name]*.log': '',
  'one/gateway.log': '',
  'two/gateway.log': '',
  'denied/below/openclaw-2026-11-23.log': '',
})

describe('without configured sources', () => {
  it("the first folder with a log of OpenClaw's is read", async () => {
    const openclaw = join(folder, 'openclaw')
    const { sources, sentence } = await findSources({
      folders: [join(folder, 'nowhere'), join(folder, 'empty'), openclaw],
    })
    expect(sources).toEqual([
      { type: 'file', name: 'openclaw', paths: [join(openclaw, 'openclaw-*.log')], start_at: 'beginning' },
    ])
    expect(sentence).toContain(openclaw)
  })

  it('the bundled recordings are played where there is none, and the sentence says where was looked', async () => {
    const { sources, sentence } = await findSources({ folders: [join(folder, 'empty')] })
    expect(sources.map(source => source.type === 'recording' && source.recording)).toEqual(['capture', 'demo'])
    expect(sentence).toContain(`there is no OpenClaw log in ${join(folder, 'empty')}`)
  })
})

describe('a log folder that may not be read, without configured sources,', () => {
  const denied = join(folder, 'denied')
  const openclaw = join(folder, 'openclaw')
  const fallback = join(folder, 'nowhere')

  beforeEach(() => {
    chmodSync(folder, 0o755)
    chmodSync(denied, 0)
  })
  afterEach(() => chmodSync(denied, 0o755))

  it.each([
    ['without permission to list it', denied],
    ['below a folder without permission to enter it', join(denied, 'below')],
  ])('%s, is an error, never a reason for the demo', async (_title, path) => {
    await expect(asNobody(() => findSources({ folders: [path, fallback] }))).rejects.toMatchObject({
      code: 'LOG_FOLDER_UNREADABLE',
      message: expect.stringContaining(`${path} (EACCES) of OpenClaw cannot be read; run clawtrust as a user who may`),
    })
  })

  it('and is a file, is an error', async () => {
    const file = join(folder, 'one/gateway.log')
    await expect(findSources({ folders: [file] })).rejects.toMatchObject({ code: 'LOG_FOLDER_UNREADABLE' })
  })

  it('is named where a log is read in another folder', async () => {
    const { sources, sentence } = await asNobody(() => findSources({ folders: [denied, openclaw] }))
    expect(sources).toMatchObject([{ paths: [join(openclaw, 'openclaw-*.log')] }])
    expect(sentence).toContain(`${denied} (EACCES) cannot be read and is left out`)
  })
})

describe('files named on the command line', () => {
  it('are read from the beginning, a folder by the logs in it', async () => {
    const { sources } = await namedSources(['one/gateway.log', 'openclaw'], folder)
    expect(sources).toEqual([
      { type: 'file', name: 'gateway.log', paths: [join(folder, 'one/gateway.log')], start_at: 'beginning' },
      { type: 'file', name: 'openclaw', paths: [join(folder, 'openclaw/*.log')], start_at: 'beginning' },
    ])
  })

  it('keep apart names where two files are called the same', async () => {
    const { sources } = await namedSources(['one/gateway.log', 'two/gateway.log'], folder)
    expect(sources.map(({ name }) => name)).toEqual(['gateway.log', 'gateway.log-2'])
  })

  it('mean exactly the file that is named, also where its name looks like a pattern', async () => {
    const { sources } = await namedSources(['odd [name]*.log'], folder)
    expect(sources[0]).toMatchObject({ paths: [join(folder, 'odd [[]name[]][*].log')] })
  })

  it('are refused where they are not there', async () => {
    await expect(namedSources(['nowhere.log'], folder)).rejects.toMatchObject({
      code: 'USAGE',
      message: 'nowhere.log cannot be read (ENOENT); set a log file or a folder of log files',
    })
  })
})
