import { appendFileSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { FORGEABLE_BYTES } from '../../../../decoding/console-text.ts'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { incompleteSentence, Recognition } from '../../../../exporter/pipeline/recognition.ts'
import { createLinesDecoder } from '../../../../exporter/sources/file/decoding/decode-lines.ts'
import { dialectFixtures } from '../../../decoding/dialect-fixtures.ts'
import { envelopesOfPrograms } from '../../../decoding/line-envelope-fixtures.ts'
import { Following, temporaryFolder } from './following.ts'

const dispatcher = createDispatcher(dialects)
const lineOf = (dialect: string) =>
  dialectFixtures[dialect]?.lines?.find(line => dispatcher.decode({ id: '', body: line }).decoding.kind === 'claim') ??
  ''
/** The first line of what a real gateway writes when the name of a client holds a line break. */
const TEXT =
  '2026-11-29T13:51:23.997+00:00 [ws] unauthorized conn=28ab53e8-08e4-4939-8ab1-9e2a903f2bd3 peer=127.0.0.1:34376->127.0.0.1:15660 remote=127.0.0.1 client=x'
const FORGED =
  '{"level":"warn","subsystem":"gateway/ws","message":"closed before connect conn=00000000f0f0","cause":"unauthorized","remoteAddr":"198.51.100.77","time":"2026-11-29T12:00:00Z"}'
/** Around a line of the gateway, and of nginx: written by whoever collects the lines, or by a client. */
const compose = {
  ofGateway: (line: string) => `openclaw-1  | ${line}`,
  ofNginx: (line: string) => `nginx-1  | ${line}`,
}
const syslog = {
  ofGateway: (line: string) => `Nov 28 15:48:11 gw openclaw[4711]: ${line}`,
  ofNginx: (line: string) => `Nov 28 15:48:11 gw nginx[7]: ${line}`,
}
const QUIET = '{"level":"info","subsystem":"gateway","message":"quiet"}'

describe('a file with lines of the console of a gateway in plain text', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'c-json.log')
    following = new Following({ paths: [join(folder.path, '*.log')] })
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  const append = (...lines: string[]) => appendFileSync(log, lines.map(line => `${line}\n`).join(''))
  const decoded = () => following.batches.flatMap(batch => batch.records).map(record => dispatcher.decode(record))
  /** `plain`: a line of the text itself that claims a refusal; `claim`: a claim of another record. */
  const kinds = () =>
    decoded().map(({ decoder, decoding }) => {
      if (decoding.kind === 'undecoded') return decoding.reason
      return decoding.kind === 'claim' && decoder === 'openclaw-plain-console' ? 'plain' : decoding.kind
    })
  /** What is left of the lines of the text itself and of the rest of one that was broken. */
  const others = () => kinds().filter(kind => kind !== 'plain' && kind !== 'not_json')
  const claims = () => kinds().filter(kind => kind === 'claim').length

  it('is in a known format that lacks the address, whatever record a client wrote into it', async () => {
    append(FORGED, TEXT, FORGED)
    await following.catchUp()
    const source = new Recognition(dispatcher)
    const records = following.batches.flatMap(batch => batch.records)
    for (const record of records) {
      const { decoding, ...named } = dispatcher.decode(record)
      source.record(record, { ...named, ...decoding })
    }
    expect([source.isRecognised, source.unrecognised]).toEqual([true, []])
    expect(source.incomplete.map(incompleteSentence)).toEqual([
      `The records of file ${log} lack the field address: they are of OpenClaw's console in plain text, in which any client can write lines, so that refused sign-ins count without an address and no address can be blocked for them; set logging.consoleStyle: json at the gateway, or read its file log instead.`,
    ])
  })

  it('is known by its first or last line, of no signal, where all others are skipped', async () => {
    append('2026-11-29T13:51:23.997+00:00 [gateway] loading configuration…')
    await following.catchUp()
    const source = new Recognition(dispatcher)
    for (const batch of following.batches) source.skipped(batch)
    expect([source.isRecognised, source.incomplete.length]).toEqual([true, 1])
  })

  it('would be believed without them', async () => {
    append(FORGED)
    await following.catchUp()
    expect(kinds()).toEqual(['claim'])
  })

  it('is what a real gateway wrote, with whole records by clients that could not sign in', async () => {
    const console = readFileSync(
      new URL('../../../fixtures/openclaw/openclaw-2026.9.6-plain-console.real.log', import.meta.url),
      'utf8',
    ).trimEnd()
    expect(console.split('\n').filter(line => line === FORGED)).toHaveLength(4)
    for (const wrap of [String, envelopesOfPrograms['docker-json-file']?.[0] ?? String, journal]) {
      await following.stop()
      following = new Following({ paths: [log] })
      writeFileSync(
        log,
        console
          .split('\n')
          .map(line => `${wrap(line)}\n`)
          .join(''),
      )
      await following.catchUp()
      expect(claims()).toBe(0)
      expect(kinds().filter(kind => kind === 'forgeable_line')).toHaveLength(4)
    }
  })

  const journal = envelopesOfPrograms.journald?.[1] ?? String
  const forms: readonly (readonly [string, (line: string) => string])[] = [
    ['as it is', line => line],
    ...Object.entries(envelopesOfPrograms)
      .filter(([name]) => name !== 'openclaw-logs')
      .flatMap(([name, wraps]) =>
        wraps.filter(wrap => !/nginx/.test(wrap(''))).map((wrap, index) => [`${name} ${index}`, wrap] as const),
      ),
    [
      'an entry as a list of bytes',
      line => journal(line).replace(/"MESSAGE":.*}$/, `"MESSAGE":[${[...Buffer.from(line)]}]}`),
    ],
  ]
  it.each(forms)('holds no record of the gateway after them, in any layout: %s', async (_form, wrap) => {
    for (const text of [
      TEXT,
      `\u001b[90m${TEXT.slice(0, 29)}\u001b[39m \u001b[36m[ws]\u001b[39m x`,
      '13:51:23 [ws] x',
    ]) {
      await following.stop()
      following = new Following({ paths: [log] })
      writeFileSync(log, '')
      append(
        wrap(text),
        wrap(FORGED),
        wrap(lineOf('openclaw-file')),
        wrap(lineOf('security-event')),
        wrap(lineOf('nginx-access')),
      )
      await following.catchUp()
      expect([text, claims()]).toEqual([text, 0])
      expect(kinds().filter(kind => kind === 'forgeable_line')).toHaveLength(4)
    }
  })

  const ofNginx = Object.entries(envelopesOfPrograms).flatMap(([name, wraps]) =>
    wraps.filter(wrap => /nginx/.test(wrap(''))).map((wrap, index) => [`${name} ${index}`, wrap] as const),
  )
  it.each(ofNginx)('holds records of nginx where their envelope names it: %s', async (_form, wrap) => {
    append(
      compose.ofGateway(TEXT),
      wrap(lineOf('nginx-access')),
      lineOf('nginx-access'),
      wrap(lineOf('nginx-error')),
      wrap(FORGED),
    )
    await following.catchUp()
    expect(kinds().slice(-4)).toEqual(['claim', 'forgeable_line', 'claim', 'forgeable_line'])
  })

  it.each(ofNginx)(
    'holds none where the text is in no envelope, as a client writes that of nginx: %s',
    async (_form, wrap) => {
      append(TEXT, wrap(lineOf('nginx-access')), wrap(lineOf('nginx-error')))
      await following.catchUp()
      expect(kinds().slice(-2)).toEqual(['forgeable_line', 'forgeable_line'])
    },
  )

  const ofJournal = {
    ofGateway: journal,
    ofNginx: (line: string) => journal(line).replaceAll('openclaw', 'nginx'),
  }
  describe.each(Object.entries({ compose, syslog, journal: ofJournal }))(
    'whose lines are in an envelope: %s',
    (_name, { ofGateway, ofNginx }) => {
      it('holds records of nginx, until text in no envelope follows', async () => {
        append(ofGateway(TEXT), ofNginx(lineOf('nginx-access')))
        await following.catchUp()
        expect(kinds().at(-1)).toBe('claim')
        append(ofGateway(TEXT), TEXT, ofGateway(TEXT), ofNginx(lineOf('nginx-access')))
        await following.catchUp()
        expect(kinds().at(-1)).toBe('forgeable_line')
        append(ofGateway(TEXT), ofNginx(lineOf('nginx-access')))
        await following.catchUp()
        expect(kinds().at(-1)).toBe('forgeable_line')
      })

      it.each(['in an envelope', 'in none'])(
        'holds them after a restart, a rotation or a truncation by what it was: %s',
        async form => {
          const [text, kind] = form === 'in none' ? [TEXT, 'forgeable_line'] : [ofGateway(TEXT), 'claim']
          const steps = [
            () => following.stop(),
            async () => {
              renameSync(log, join(folder.path, 'c-json.1.log'))
              await following.wait(250)
            },
            async () => truncateSync(log),
          ]
          for (const [index, step] of steps.entries()) {
            append(text)
            await following.catchUp()
            await step()
            append(ofNginx(lineOf('nginx-access')), ofGateway(FORGED.replace('f0f0', `f0f${index}`)))
            await following.catchUp()
            expect(kinds().slice(-2)).toEqual([kind, 'forgeable_line'])
          }
        },
      )
    },
  )

  it('holds none after a restart where the state does not distinguish in what the text was', async () => {
    append(compose.ofGateway(TEXT))
    await following.catchUp()
    await following.stop()
    const states = [...following.committed].flatMap(([key, value]) => {
      const { forgeableTo, ...position } = { ...(value as { forgeableTo?: { wrapped: number } }) }
      return forgeableTo === undefined ? [] : [[key, { ...position, forgeableTo: forgeableTo.wrapped }] as const]
    })
    expect(states).toHaveLength(1)
    for (const [key, position] of states) following.committed.set(key, position)
    append(compose.ofNginx(lineOf('nginx-access')))
    await following.catchUp()
    expect(kinds().at(-1)).toBe('forgeable_line')
  })

  it('holds none where the lines are decoded elsewhere', () => {
    const textOf = (...lines: string[]) =>
      createLinesDecoder(dialects)(Buffer.from(lines.map(line => `${line}\n`).join('')), () => undefined).consoleText
    expect(textOf(TEXT, FORGED)).toBe('bare')
    expect(textOf(compose.ofGateway(TEXT), FORGED)).toBe('wrapped')
    expect(textOf(journal(TEXT), TEXT, compose.ofGateway(TEXT))).toBe('bare')
    expect(textOf(FORGED)).toBeUndefined()
  })

  it('holds none after a restart either, until a mebibyte has followed', async () => {
    append(TEXT)
    await following.catchUp()
    await following.stop()
    append(FORGED)
    await following.catchUp()
    expect(claims()).toBe(0)
    append(...Array<string>(Math.ceil(FORGEABLE_BYTES / QUIET.length)).fill(QUIET))
    await following.catchUp()
    append(FORGED)
    await following.catchUp()
    expect(claims()).toBe(1)
  })

  it.each(['renamed', 'renamed out of the pattern', 'truncated', 'renamed while nothing ran'])(
    'holds none in what follows in the file of its path where it is %s',
    async how => {
      append(TEXT)
      await following.catchUp()
      if (how.includes('while')) await following.stop()
      if (how === 'truncated') truncateSync(log)
      else renameSync(log, join(folder.path, how.includes('out') ? 'c-json.log.1' : 'c-json.1.log'))
      if (!how.includes('while')) await following.wait(250)
      append(FORGED)
      await following.catchUp()
      expect(others()).toEqual(['forgeable_line'])
    },
  )

  it.each([
    ['journald', (line: string) => journal(line).replaceAll('openclaw', 'shop')],
    ['compose', (line: string) => `shop-1  | ${line}`],
    ['syslog', (line: string) => `Nov 28 15:48:11 gw shop[4711]: ${line}`],
  ])('are not those of other programs in the same output: %s', async (name, ofShop) => {
    const [wrap = String] = envelopesOfPrograms[name] ?? []
    append(ofShop(TEXT), wrap(FORGED))
    await following.catchUp()
    expect(claims()).toBe(1)
  })

  const halves: Readonly<Record<string, (first: string, second: string) => readonly string[]>> = {
    'docker-json-file': (first, second) => [
      JSON.stringify({ log: first, stream: 'stdout', time: '2026-11-28T15:48:11.007Z' }),
      JSON.stringify({ log: `${second}\n`, stream: 'stdout', time: '2026-11-28T15:48:11.007Z' }),
    ],
    cri: (first, second) => [
      `2026-11-28T15:48:11.007123456Z stdout P ${first}`,
      `2026-11-28T15:48:11.007123456Z stdout F ${second}`,
    ],
    journald: (first, second) => [
      journal(first).replace('{', '{"_STREAM_ID":"a1","_LINE_BREAK":"line-max",'),
      journal(second).replace('{', '{"_STREAM_ID":"a1",'),
    ],
    'journal-export': (first, second) =>
      [`_LINE_BREAK=line-max\nMESSAGE=${first}`, `MESSAGE=${second}`].map(
        message =>
          `__CURSOR=s=${'0a'.repeat(16)};i=1\n__REALTIME_TIMESTAMP=1795880891007112\n_HOSTNAME=gw\n_STREAM_ID=a1\nSYSLOG_IDENTIFIER=openclaw\n${message}\n`,
      ),
  }
  it.each(Object.keys(halves))('are not what a client put where a record of JSON was split: %s', async name => {
    const record = FORGED.replace('00000000f0f0', `00000000f0f0 ${TEXT}`)
    const at = record.indexOf(TEXT)
    append(...(halves[name]?.(record.slice(0, at), record.slice(at)) ?? []))
    append(...(halves[name]?.(FORGED.slice(0, 40), FORGED.slice(40)) ?? []))
    await following.catchUp()
    expect(kinds()).toEqual(['claim', 'claim'])
  })

  it.each(Object.keys(halves))('are seen also where one was split: %s', async name => {
    append(...(halves[name]?.(TEXT, 'rest') ?? []), ...(halves[name]?.(FORGED.slice(0, 40), FORGED.slice(40)) ?? []))
    await following.catchUp()
    expect([claims(), kinds().at(-1)]).toEqual([0, 'forgeable_line'])
  })

  it.each([',"x":"', '}}'])(
    'are not believed where the journal split a record in a format that does not say so (%j)',
    async end => {
      const begin = FORGED.slice(0, -1)
      const long = `${begin},"origin":"`
      const lineMax = 48 * 1024
      const filled = `${long.padEnd(lineMax - end.length, 'x')}${end}`
      append(...[filled, FORGED].map(syslog.ofGateway))
      await following.catchUp()
      expect(kinds()).toEqual(['partial_record', 'forgeable_line'])
    },
  )

  it('are not a long record, nor one that a syslog daemon cut', async () => {
    const long = (length: number) => `${FORGED.slice(0, -1)},"origin":"${'x'.repeat(length)}"}`
    append(...[long(50_000), long(5_000).slice(0, 4_096), FORGED].map(syslog.ofGateway))
    await following.catchUp()
    expect(kinds()).toEqual(['claim', 'partial_record', 'claim'])
  })

  it.each(Object.keys(halves))('count once where one was split, at any place: %s', async name => {
    const close = `${TEXT.replace('unauthorized', 'closed before connect')} code=1008 reason=n/a phase=p cause=unauthorized durationMs=5`
    const places = Array.from({ length: close.length - 1 }, (_, index) => index + 1)
    for (const at of places) append(...(halves[name]?.(close.slice(0, at), close.slice(at)) ?? []))
    await following.catchUp()
    expect(kinds()).toEqual(places.map(() => 'plain'))
  })

  it.each(Object.keys(halves))('are one record with what a client put where one was split: %s', async name => {
    for (const first of [TEXT, '2026-11-29T13:51:23.997+00:00 [gateway] x']) {
      append(...(halves[name]?.(first, TEXT) ?? []), ...(halves[name]?.(first, FORGED) ?? []))
    }
    await following.catchUp()
    expect(kinds()).toEqual(['plain', 'plain', 'unknown_template', 'unknown_template'])
  })

  it('are not what a client sent to nginx at any place of a line', async () => {
    const LEFT_OUT = ' blob data]'
    const [ofGateway = String] = envelopesOfPrograms.syslog ?? []
    const ofNginx =
      'Nov 28 15:48:11 gw nginx[7]: 198.51.100.7 - - [28/Nov/2026:15:48:11 +0000] "GET / HTTP/1.1" 200 2 "-" "'
    append(`${ofNginx.padEnd(256 - LEFT_OUT.length, 'x')}${LEFT_OUT} and more"`, ofGateway(FORGED))
    await following.catchUp()
    expect(claims()).toBe(1)
  })

  it('does not touch the other files', async () => {
    append(TEXT)
    appendFileSync(join(folder.path, 'other.log'), `${FORGED}\n`)
    await following.catchUp()
    expect(claims()).toBe(1)
  })
})
