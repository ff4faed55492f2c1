import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { seededDocuments, seededPolicy } from '../policy/shadow/seeded-history.ts'
import { createPolicyRunner } from './run-policy.ts'
import { temporaryFolder } from './temporary-folder.ts'

const lines = seededDocuments().map(document => `${JSON.stringify(document)}\n`)
const everything = 'allow everything\n  from: any\n  to: any\n'

const folder = temporaryFolder({
  'flows.log': lines.join(''),
  'part-1.log': lines.slice(0, 1_000).join(''),
  'short.log': lines.slice(0, 10).join(''),
  'other.log': 'a line\nanother one\n',
  'seeded.policy': seededPolicy,
  'everything.policy': everything,
  'wrong.policy': 'alow x\n',
  'clawtrust.yml': JSON.stringify({ exporter: { sources: [{ type: 'file', name: 'hubble', paths: ['flows.log'] }] } }),
  'without.yml': '{}\n',
  'other.yml': JSON.stringify({ exporter: { sources: [{ type: 'otlp', name: 'senders' }] } }),
})
writeFileSync(join(folder, 'part-2.log.gz'), gzipSync(lines.slice(1_000).join('')))

const withoutConfig = temporaryFolder({ 'seeded.policy': seededPolicy })

const policy = createPolicyRunner(folder)
const shadow = (...args: readonly string[]) => policy('shadow', '--until', '2026-11-30T00:00:00Z', ...args)

describe('clawtrust policy shadow', () => {
  it('ends with 1 where something that passes would be denied, and says it', async () => {
    const { code, out, err } = await shadow('--policy', 'seeded.policy', '--logs', 'flows.log')
    expect(code).toBe(1)
    expect(out).toMatch(/^Policy seeded, 2026-11-16 00:00 to 2026-11-30 00:00 UTC\nFlows that pass would be denied\.\n/)
    expect(err).toBe(
      '3 distinct flows (182 events) would be denied; 2 distinct flows (84 events) could not be judged, more than 0 % of the events\n',
    )
  })

  it('ends with 0 where nothing would be denied and the evidence suffices, and with 3 where it does not', async () => {
    const enough = await shadow('--policy', 'everything.policy', '--logs', 'flows.log')
    expect({ code: enough.code, err: enough.err }).toEqual({ code: 0, err: '' })
    const short = await shadow('--policy', 'everything.policy', '--logs', 'short.log')
    expect(short.code).toBe(3)
    expect(short.err).toMatch(
      /^records on 1 day, and at least 7 are needed; \d events, and at least 1,000 are needed\n$/,
    )
    const lowered = ['--minimum-days', '1', '--minimum-events', '2']
    expect((await shadow('--policy', 'everything.policy', '--logs', 'short.log', ...lowered)).code).toBe(0)
  })

  it('compares two policies on the same history', async () => {
    const args = ['--logs', 'flows.log', '--format', 'json', '--maximum-unknown', '100']
    const { code, out } = await shadow('--policy', 'everything.policy', '--against', 'seeded.policy', ...args)
    expect(code).toBe(0)
    const { against, changes } = JSON.parse(out)
    expect({ against, newlyAllowed: changes.newlyAllowed, newlyDenied: changes.newlyDenied }).toEqual({
      against: 'seeded',
      newlyAllowed: { flows: 4, events: 182 + 84 },
      newlyDenied: { flows: 0, events: 0 },
    })
  })

  it('reads files of a pattern, compressed ones too, and those of the configuration, with the same result', async () => {
    const reports = [
      await shadow('--policy', 'seeded.policy', '--logs', 'part-*'),
      await shadow('--policy', 'seeded.policy', '--logs', 'part-1.log', 'part-2.log.gz'),
      await shadow('--policy', 'seeded.policy'),
    ]
    const totals = reports.map(({ out }) => out.split('\n').slice(0, 12).join('\n'))
    expect(totals).toEqual([totals[0], totals[0], totals[0]])
  })

  it('writes a page as a whole, in the place of an older one, and nothing else', async () => {
    const args = ['--policy', 'seeded.policy', '--logs', 'flows.log', '--format', 'html', '--out', 'shadow.html']
    for (const old of [undefined, 'old']) {
      if (old !== undefined) writeFileSync(join(folder, 'shadow.html'), old)
      expect(await shadow(...args)).toMatchObject({ code: 1, out: '' })
      expect(readFileSync(join(folder, 'shadow.html'), 'utf8')).toMatch(/^<!doctype html>\n.*<\/html>\n$/s)
    }
    expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
  })

  it.each([
    [['--policy', 'wrong.policy', '--logs', 'flows.log'], 'wrong.policy:1:1: error: alow is no keyword'],
    [['--policy', 'seeded.policy', '--logs', 'nowhere*.log'], /^No file matches \S+nowhere\*\.log\.\n$/],
    [['--policy', 'seeded.policy', '--logs', 'nowhere.log'], 'nowhere.log does not exist; correct the path.\n'],
    [['--policy', 'seeded.policy', '--logs', 'nowhere/*.log'], 'nowhere does not exist; correct the path.\n'],
    [
      ['--policy', 'seeded.policy', '--config.file', 'without.yml'],
      'without.yml has no sources; add them under exporter.sources',
    ],
    [
      ['--policy', 'seeded.policy', '--config.file', 'without.yml', '--logs', 'flows.log'],
      '--logs and --config.file name two histories',
    ],
    [['--policy', 'seeded.policy', '--since', '2026-12-01', '--logs', 'flows.log'], '--since is not before --until'],
    [
      ['--policy', 'seeded.policy', '--since', 'yesterday', '--logs', 'flows.log'],
      "error: option '--since <time>' argument 'yesterday' is invalid.",
    ],
    [
      ['--policy', 'seeded.policy', '--since', '2026-02-30', '--logs', 'flows.log'],
      "error: option '--since <time>' argument '2026-02-30' is invalid.",
    ],
    [
      ['--policy', 'seeded.policy', '--since', '99999d', '--logs', 'flows.log'],
      '--since is more than 1,100 days before the end; choose a later one\n',
    ],
    [
      ['--policy', 'seeded.policy', '--minimum-days', '-1', '--logs', 'flows.log'],
      "error: option '--minimum-days <days>' argument '-1' is invalid.",
    ],
    [['--logs', 'flows.log'], '--policy is missing; name the file of a policy'],
  ] as const)('refuses %j with 2, and writes nothing', async (args, sentence) => {
    const { code, out, err } = await shadow(...args, '--out', 'never.txt')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toEqual(
      typeof sentence === 'string' ? expect.stringContaining(sentence) : expect.stringMatching(sentence),
    )
    expect(existsSync(join(folder, 'never.txt'))).toBe(false)
  })

  it('names both places of a history where there is no configuration', async () => {
    const elsewhere = createPolicyRunner(withoutConfig)
    expect(await elsewhere('shadow', '--policy', 'seeded.policy')).toEqual({
      code: 2,
      out: '',
      err: 'there is no clawtrust.yml here, whose sources have the history; name one by --config.file, or log files by --logs\n',
    })
  })

  it('says that it was stopped, and writes nothing', async () => {
    const stopped = createPolicyRunner(folder, { on: (signal, stop) => (signal === 'SIGINT' ? stop() : undefined) })
    for (const history of [
      ['--logs', 'flows.log'],
      ['--config.file', 'clawtrust.yml'],
    ]) {
      expect(await stopped('shadow', '--policy', 'seeded.policy', ...history, '--out', 'never.txt')).toEqual({
        code: 1,
        out: '',
        err: 'The command was stopped before it had read the history; there is no result.\n',
      })
    }
    expect(existsSync(join(folder, 'never.txt'))).toBe(false)
  })

  it.each([
    ['seeded.policy', ['--logs', 'flows.log']],
    ['./everything.policy', ['--logs', 'flows.log']],
    ['flows.log', ['--logs', 'other.log', 'flows.log']],
    ['other.yml', ['--config.file', './other.yml']],
    ['clawtrust.yml', []],
  ])('does not write its report over %s, which it reads', async (out, history) => {
    const before = readFileSync(join(folder, out), 'utf8')
    const read = ['--policy', 'seeded.policy', '--against', 'everything.policy', ...history]
    const { code, err } = await shadow(...read, '--out', out)
    expect({ code, err }).toEqual({ code: 2, err: `--out ${out} is a file that is read; name another one\n` })
    expect(readFileSync(join(folder, out), 'utf8')).toBe(before)
  })

  it('says of which sources there is no history, and of a log without flows that it has none', async () => {
    const other = await shadow('--policy', 'seeded.policy', '--logs', 'other.log')
    expect(other.code).toBe(3)
    expect(other.out).toContain('  * logs has 2 lines in no format that is known')
    expect(other.out).toContain('  * logs has no flow and no access in the window\n')
    const demo = await shadow('--policy', 'seeded.policy', '--config.file', 'other.yml')
    expect(demo.out).toMatch(/\* \S+ is a source of type otlp, of which no history is read/)
  })
})
