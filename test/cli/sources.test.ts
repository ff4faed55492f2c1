import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { findSources, namedSources } from '../../cli/sources.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({
  'empty/readme.txt': '',
  'openclaw/openclaw-2026-11-23.log': '',
  'odd [name]*.log': '',
  'one/gateway.log': '',
  'two/gateway.log': '',
})

describe('without configured sources', () => {
  it("the first folder with a log of OpenClaw's is read", async () => {
    const openclaw = join(folder, 'openclaw')
    const { sources, sentence } = await findSources([join(folder, 'nowhere'), join(folder, 'empty'), openclaw])
    expect(sources).toEqual([
      { type: 'file', name: 'openclaw', paths: [join(openclaw, 'openclaw-*.log')], start_at: 'beginning' },
    ])
    expect(sentence).toContain(openclaw)
  })

  it('the bundled recordings are played where there is none, and the sentence says where was looked', async () => {
    const { sources, sentence } = await findSources([join(folder, 'empty')])
    expect(sources.map(source => source.type === 'recording' && source.recording)).toEqual(['capture', 'demo'])
    expect(sentence).toContain(`there is no OpenClaw log in ${join(folder, 'empty')}`)
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
