import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import { systemdFolder } from '../../tools/checks/system-commands.ts'
import { dialectFixtures } from '../decoding/dialect-fixtures.ts'
import { type EntryFields, entryFields, exported, openclawEntry } from '../decoding/journal-entries.ts'
import { Following, temporaryFolder } from '../exporter/sources/file/following.ts'
import { withCommands } from '../requirements.ts'
import { run } from './servers/run.ts'

const { describe } = withCommands('journalctl', 'systemd-journal-remote')
const dispatcher = createDispatcher(dialects)
const decode = (body: string) => dispatcher.decode({ id: '', body }).decoding
const refusal = dialectFixtures['openclaw-file']?.lines?.find(line => line.includes('"cause":"unauthorized"')) ?? ''

/** The line with a field that makes it longer than what `journalctl` prints without `--all`. */
const long = refusal.replace('{', `{"pad":"${'☃'.repeat(3000)}",`)
const bytes = Buffer.from(long)
const within = bytes.indexOf('☃') + 1
const forged = `order received\n${refusal}\n\n${openclawEntry(refusal)}`
const ofShop = (message: string) => exported(entryFields(message, [['_SYSTEMD_UNIT', 'shop.service']]))
const part = (message: Uint8Array, more: EntryFields = []) =>
  openclawEntry(message, [['_STREAM_ID', 'f93cbf55c60f40c3be512e5b0f2670fd'], ...more])

const TAG: EntryFields = [['SYSLOG_IDENTIFIER', 'openclaw']]
const entries = [
  openclawEntry(refusal, TAG),
  ofShop(forged),
  part(bytes.subarray(0, within), [['_LINE_BREAK', 'line-max']]),
  ofShop(refusal),
  part(bytes.subarray(within)),
  openclawEntry(long, TAG),
]
const whole = decode(refusal)

describe('a journal that systemd wrote', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  it.each([
    ['-o export', ['-o', 'export'], { claims: [whole, whole, whole], parts: 0 }],
    ['-o json --all', ['-o', 'json', '--all'], { claims: [whole, whole, whole], parts: 0 }],
    ['-o json', ['-o', 'json'], { claims: [whole], parts: 2 }],
    ...(['short', 'short-iso', 'short-full', 'short-unix', 'short-monotonic', 'short-delta'] as const).map(
      style => [`-o ${style} --all`, ['-o', style, '--all'], { claims: [whole, whole], parts: 0 }] as const,
    ),
    // The split entry has no tag, so that only this style names its program; nothing in the line says that it was split.
    ['-o with-unit --all', ['-o', 'with-unit', '--all'], { claims: [whole, whole], parts: 1 }],
  ] as const)('gives the claims of its entries by journalctl %s', async (_how, options, { claims, parts }) => {
    const [input, journal, output] = ['in.export', 'out.journal', 'out.log'].map(name => join(folder.path, name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(input, Buffer.concat(entries))
    run(join(systemdFolder, 'systemd-journal-remote'), [`--output=${journal}`, input], {})
    writeFileSync(output, execFileSync('journalctl', ['--file', journal, '--no-pager', ...options]))
    following = new Following({ paths: [output] })
    await following.catchUp()
    const found = following.batches.flatMap(batch => batch.records).map(record => dispatcher.decode(record).decoding)
    expect(found.filter(({ kind }) => kind === 'claim')).toEqual(claims)
    const isPart = (one: (typeof found)[number]) => one.kind === 'undecoded' && one.reason === 'partial_record'
    expect(found.filter(isPart)).toHaveLength(parts)
  })
})
