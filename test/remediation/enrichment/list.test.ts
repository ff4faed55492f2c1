import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { DAY_MS } from '../../../core/clock.ts'
import { translationsWith } from '../../../core/net/spellings.ts'
import { parseTarget, type Target } from '../../../core/net/target.ts'
import { remediationSchema } from '../../../remediation/config.ts'
import { ListSource } from '../../../remediation/enrichment/list.ts'
import { createLogger } from '../../../service/log/logger.ts'
import { type ThreatListConfig, threatListSchema } from '../../../service/threat-lists/config.ts'
import { ThreatList } from '../../../service/threat-lists/threat-list.ts'
import { describeWithCapture } from '../../requirements.ts'
import { startRemediation, stopAll, TurnedClock, temporaryFolder } from '../service.ts'

const target = (text: string) => parseTarget(text) as Target

let file: string
let log: string[]
const clock = { time: 0, now: () => clock.time, monotonic: () => 0 }

beforeEach(() => {
  file = join(temporaryFolder(), 'list.txt')
  log = []
  clock.time = Date.parse('2026-11-24T00:00:00Z')
})

afterEach(stopAll)

function list(more: Partial<ThreatListConfig> = {}, nat64Prefixes: readonly string[] = []): ListSource {
  const logger = createLogger({ destination: { write: line => log.push(line) } })
  const config = threatListSchema.parse({ name: 'drop', file })
  return new ListSource(new ThreatList({ ...config, ...more }, clock, logger), translationsWith(nat64Prefixes))
}

/** Writes the file as a download does, with the time at which it was written. */
function write(text: string, at = clock.time): void {
  writeFileSync(`${file}.new`, text)
  utimesSync(`${file}.new`, at / 1_000, at / 1_000)
  renameSync(`${file}.new`, file)
}

describe('a list in a file', () => {
  it('is read when it is told to, and not by being asked', async () => {
    write('198.51.100.7\n')
    const source = list()
    expect(await source.ask(target('198.51.100.7'))).toMatchObject({ verdict: 'unknown' })
    expect(source.state()).toEqual({ list: { entries: 0, refused: 0 } })
    await source.refresh()
    expect(await source.ask(target('198.51.100.7'))).toEqual({
      source: 'drop',
      verdict: 'malicious',
      detail: 'listed as 198.51.100.7',
      ageSeconds: 0,
    })
    expect(source.state()).toEqual({ up: true, list: { entries: 1, refused: 0, ageSeconds: 0 } })
  })

  it('is read again when its file changes', async () => {
    write('198.51.100.7\n')
    const source = list()
    await source.refresh()
    write('198.51.100.8\n')
    await source.refresh()
    expect(await source.ask(target('198.51.100.7'))).toMatchObject({ detail: 'not on the list' })
    expect(await source.ask(target('198.51.100.8'))).toMatchObject({ verdict: 'malicious' })
  })

  /** Each writes 198.51.100.7. */
  const spellings = [
    '::198.51.100.7',
    '::ffff:0:198.51.100.7',
    '64:ff9b::198.51.100.7',
    '2002:c633:6407::1',
    '2002:c633:6407:1::/64',
    '2002:c633:6407::/48',
    '2001:0:4136:e378:8000:63bf:39cc:9bf8',
    '2001:db8:64::198.51.100.7',
  ]

  it.each(spellings)('suspects %s by the address that it embeds, which is named', async spelling => {
    write('198.51.100.0/28\n')
    const source = list({}, ['2001:db8:64::/96'])
    await source.refresh()
    expect(source.lookUp(target(spelling))).toMatchObject({
      verdict: 'malicious',
      detail: 'it embeds 198.51.100.7, listed as 198.51.100.0/28',
    })
  })

  it('knows an IPv4-mapped address as the IPv4 address', async () => {
    write('198.51.100.7\n')
    for (const verdict of ['malicious', 'benign'] as const) {
      const source = list({ verdict })
      await source.refresh()
      expect(source.lookUp(target('::ffff:198.51.100.7'))).toMatchObject({ verdict, detail: 'listed as 198.51.100.7' })
    }
  })

  it.each(spellings)('trusts %s no more for the address that it embeds', async spelling => {
    write('198.51.100.7\n')
    const source = list({ verdict: 'benign' }, ['2001:db8:64::/96'])
    await source.refresh()
    expect(source.lookUp(target(spelling))).toMatchObject({ verdict: 'unknown', detail: 'not on the list' })
  })

  it.each([
    ['a prefix that is not configured', '2001:db8:64::198.51.100.7'],
    ['the server of Teredo', '2001:0:c633:6407:8000:63bf:3fff:fdd2'],
    ['a network of a translator, in which everybody is', '64:ff9b::/96'],
  ])('does not suspect by %s', async (_, spelling) => {
    write('198.51.100.7\n')
    const source = list()
    await source.refresh()
    expect(source.lookUp(target(spelling))).toMatchObject({ verdict: 'unknown', detail: 'not on the list' })
  })

  const failures: readonly [string, () => void][] = [
    ['is an error page', () => write('<html>403 Forbidden</html>')],
    ['is empty', () => write('')],
    ['holds everything', () => write(Array.from({ length: 200 }, (_, at) => `${at + 1}.0.0.0/8`).join('\n'))],
    ['is gone', () => rmSync(file)],
    [
      'is a folder',
      () => {
        rmSync(file)
        mkdirSync(file)
      },
    ],
  ]

  it.each(failures)('stays in use while its new file %s, until its age limit, and says so', async (_, fail) => {
    write('198.51.100.7\n')
    const source = list()
    await source.refresh()
    fail()
    await source.refresh()
    await source.refresh()
    expect(source.state()).toMatchObject({
      up: false,
      trouble: expect.stringMatching(/^the list cannot be read \(/),
      list: { entries: 1 },
    })
    expect(await source.ask(target('198.51.100.7'))).toMatchObject({ verdict: 'malicious' })
    expect(log.filter(line => line.includes('level=error'))).toHaveLength(1)
    clock.time += 2 * DAY_MS + 1_000
    expect(await source.ask(target('198.51.100.7'))).toMatchObject({
      verdict: 'unknown',
      detail: expect.stringMatching(/^the list cannot be read \(/),
    })
    rmSync(file, { recursive: true, force: true })
    write('198.51.100.9\n')
    await source.refresh()
    expect(source.state()).toMatchObject({ up: true, list: { entries: 1, ageSeconds: 0 } })
  })

  it('that is taken away and put back unchanged is in order again', async () => {
    write('198.51.100.7\n')
    const source = list()
    await source.refresh()
    for (const away of [() => renameSync(file, `${file}.away`)]) {
      away()
      await source.refresh()
      expect(source.state().up).toBe(false)
      renameSync(`${file}.away`, file)
      await source.refresh()
      expect(source.state().up).toBe(true)
    }
  })

  it('that was never read has failed', async () => {
    const source = list()
    await source.refresh()
    expect(source.state()).toEqual({
      up: false,
      trouble: 'the list cannot be read (ENOENT)',
      list: { entries: 0, refused: 0 },
    })
    expect(await source.ask(target('198.51.100.7'))).toMatchObject({
      verdict: 'unknown',
      detail: 'the list cannot be read (ENOENT)',
    })
  })

  it('written in the future becomes old all the same', async () => {
    write('198.51.100.7\n', clock.time + 1_000 * DAY_MS)
    const source = list()
    await source.refresh()
    clock.time += 2 * DAY_MS + 1_000
    expect(await source.ask(target('198.51.100.7'))).toMatchObject({
      verdict: 'unknown',
      detail: 'the list is too old',
    })
    expect(source.state()).toMatchObject({ up: true, trouble: 'the list is too old' })
  })

  it('lists a network of which it lists a host: more hosts of it that offend must not lead off the list', async () => {
    write('2001:db8::7\n198.51.100.0/28\n')
    const source = list()
    await source.refresh()
    expect(await source.ask(target('2001:db8::/64'))).toMatchObject({
      verdict: 'malicious',
      detail: '2001:db8::7 in it is listed',
    })
    expect(await source.ask(target('198.51.100.0/24'))).toMatchObject({ detail: '198.51.100.0/28 in it is listed' })
    expect(await source.ask(target('2001:db8:0:1::/64'))).toMatchObject({ verdict: 'unknown' })
    expect(await source.ask(target('2001:db8::8'))).toMatchObject({ verdict: 'unknown' })
  })

  it('is one reading for all who ask for it at once', async () => {
    write('198.51.100.7\n')
    const source = list()
    await Promise.all([source.refresh(), source.refresh(), source.refresh()])
    expect(log).toHaveLength(1)
  })
})

describe('a service with a list', () => {
  it('has read it before the first scrape, so that no alert is false after a restart', async () => {
    const turned = new TurnedClock()
    write('198.51.100.7\n198.51.100.8\n', turned.now())
    const enrichment = {
      threat_intelligence: [
        { type: 'list', name: 'drop', file },
        { type: 'list', name: 'gone', file: `${file}.gone` },
      ],
    }
    const service = await startRemediation({ enrichment }, { turned })
    expect(await service.metric('clawtrust_remediation_intelligence_entries{list="drop"}')).toBe(2)
    expect(await service.metric('clawtrust_remediation_intelligence_up{source="drop"}')).toBe(1)
    expect(await service.metric('clawtrust_remediation_intelligence_age_seconds{list="drop"}')).toBeLessThan(60)
    expect(await service.metric('clawtrust_remediation_intelligence_up{source="gone"}')).toBe(0)
    expect(await (await fetch(service.url)).text()).toContain('the list cannot be read (ENOENT)')
  })

  it('reads it again when it changes', async () => {
    const turned = new TurnedClock()
    write('198.51.100.7\n', turned.now())
    const enrichment = { threat_intelligence: [{ type: 'list', name: 'drop', file }] }
    const service = await startRemediation({ enrichment }, { turned })
    write('198.51.100.7\n198.51.100.8\n198.51.100.9\n', turned.now())
    // What began at the start has ended.
    await service.tick()
    turned.pass(10_000)
    await service.tick()
    expect(await service.metric('clawtrust_remediation_intelligence_entries{list="drop"}')).toBe(3)
  })
})

describe('a service whose list was removed by a reload', () => {
  it('has no gauges of it, so that its alert resolves', async () => {
    const folder = temporaryFolder()
    const input = {
      listen_address: '127.0.0.1:0',
      state_dir: join(folder, 'state'),
      webhook: { bearer_token: 'right' },
    }
    const loadConfig = async () => ({
      config: { remediation: remediationSchema.parse(input), exporter: { trusted_proxies: [] } },
    })
    const enrichment = { threat_intelligence: [{ type: 'list', name: 'gone', file }] }
    const service = await startRemediation({ ...input, enrichment }, { folder, loadConfig })
    expect(await service.metric('clawtrust_remediation_intelligence_up{source="gone"}')).toBe(0)
    expect((await fetch(`${service.url}-/reload`, { method: 'POST' })).status).toBe(200)
    expect(await (await fetch(`${service.url}metrics`)).text()).not.toContain('"gone"')
  })
})

describeWithCapture('fixtures/field/feeds', 'lists as they are in the field', folder => {
  it.each([
    ['drop-v4-like.jsonl', ['198.51.100.0/24', '203.0.113.0/24']],
    ['dshield-like.tsv', ['198.51.100.0/24', '203.0.113.0/24']],
    ['ipsum-like.txt', ['198.51.100.7', '198.51.100.8']],
  ])('%s is read without being configured, with every entry and no other', async (name, entries) => {
    write(readFileSync(join(folder, name), 'utf8'))
    const source = list()
    await source.refresh()
    expect(source.state()).toMatchObject({ up: true, list: { entries: entries.length, refused: 0 } })
    for (const entry of entries) {
      expect(source.lookUp(target(entry))).toMatchObject({ verdict: 'malicious', detail: `listed as ${entry}` })
    }
  })

  it('html-error-page.txt is an error', async () => {
    write(readFileSync(join(folder, 'html-error-page.txt'), 'utf8'))
    const source = list()
    await source.refresh()
    expect(source.state()).toMatchObject({ up: false, trouble: expect.stringContaining('it is a web page') })
  })
})
