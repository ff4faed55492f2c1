import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { checkFormats } from '../../cli/check-formats.ts'
import { readConfigFile } from '../../cli/config-file.ts'
import type { Config } from '../../cli/config-schema.ts'
import { asNobody } from '../as-nobody.ts'
import { dialectFixtures } from '../decoding/dialect-fixtures.ts'
import { realLines } from '../decoding/fixtures.ts'
import { entryFields, exported, openclawEntry } from '../decoding/journal-entries.ts'
import { temporaryFolder } from './temporary-folder.ts'

const known = realLines.slice(0, 3).join('\n')
const folder = temporaryFolder({
  'logs/known.log': `nohup: ignoring input\n${known}\n`,
  'logs/caddy.log': 'starting\n{"logger":"http.log.access","request":{},"status":401}\n{"logg',
  'logs/empty.log': '',
  'logs/one-line.log': '198.51.100.7 - - [28/Nov/2026:15:48:11 +0000] "GET / HTTP/1.1" 401 0',
  'secret/gateway.log': 'x\n',
})

async function configured(paths: string): Promise<Config> {
  writeFileSync(
    join(folder, 'clawtrust.yml'),
    `exporter: { sources: [{ type: file, name: log, paths: [${paths}] }] }\n`,
  )
  return readConfigFile('clawtrust.yml', folder)
}

const warnings = async (paths: string) => (await checkFormats(await configured(paths))).map(({ what }) => what)

describe('the first lines of configured log files', () => {
  it('are checked, and each file in no known format is named with what it looks like', async () => {
    const found = await warnings("'logs/*.log'")
    expect(found).toHaveLength(2)
    const [caddy, common] = found.toSorted()
    expect(caddy).toContain(
      `source log: Nothing that was read of file ${join(folder, 'logs/caddy.log')} is in a known format: it looks like an access log of Caddy as JSON in a format of its own; use the format of deploy/caddy/Caddyfile`,
    )
    expect(common).toContain('one-line.log is in a known format: it looks like an access log in the common')
  })

  it('bring no warning where the format is known, in UTF-8 and UTF-16, nor of what is compressed', async () => {
    writeFileSync(join(folder, 'utf16.log'), Buffer.from(`\ufeff${known}\n`, 'utf16le'))
    writeFileSync(join(folder, 'old.log.gz'), gzipSync('anything\n'))
    expect(await warnings('logs/known.log, logs/empty.log, utf16.log, old.log.gz')).toEqual([])
  })

  it('bring a warning where no line feed ends them', async () => {
    writeFileSync(join(folder, 'record.log'), realLines[0] ?? '')
    writeFileSync(join(folder, 'returns.log'), `${realLines.slice(0, 3).join('\r')}\r`)
    writeFileSync(join(folder, 'long.log'), `${'x'.repeat(100_000)}\n${known}\n`)
    const [record, returns, ...others] = await warnings('record.log, returns.log, long.log')
    expect(record).toMatch(/record\.log is in a known format: it looks like text without a line feed; a record counts /)
    expect(returns).toMatch(/returns\.log is in .*: it looks like text whose lines end with a carriage return alone; /)
    expect(others).toEqual([])
  })

  it('may be entries of a journal in its export format, of which those of known programs are looked at', async () => {
    writeFileSync(join(folder, 'known.export'), openclawEntry(realLines[0] ?? ''))
    writeFileSync(join(folder, 'shop.export'), exported(entryFields('x', [['_SYSTEMD_UNIT', 'shop.service']])))
    writeFileSync(join(folder, 'cut.export'), `rest\n_PID=1\n\n${openclawEntry(realLines[0] ?? '')}`)
    expect(await warnings('known.export, shop.export, cut.export')).toEqual([
      expect.stringMatching(/shop\.export is in a known format: it looks like entries of a journal.* of other names/),
    ])
  })

  it('bring a warning where journalctl left out a message, with the options that write it', async () => {
    const entry = { __REALTIME_TIMESTAMP: '1795880891007112', _HOSTNAME: 'gw', SYSLOG_IDENTIFIER: 'openclaw' }
    const line = (MESSAGE: string | null) => `${JSON.stringify({ ...entry, MESSAGE })}\n`
    writeFileSync(join(folder, 'journal.json'), line(realLines[0] ?? '') + line(null) + line(realLines[0] ?? ''))
    expect(await warnings('journal.json')).toEqual([expect.stringContaining('write them by journalctl -o json --all')])
  })

  it('bring a warning where the format of nginx lacks a field, with what to configure', async () => {
    const request = { time: '2026-11-29T10:51:44+00:00', remote_addr: '203.0.113.9', status: '200', request: 'GET /' }
    const path = join(folder, 'access.log')
    writeFileSync(path, `${JSON.stringify({ ...request, ssl_client_verify: 'NONE' })}\n`)
    const [found, ...others] = await warnings('access.log')
    expect(found).toContain(`source log: The records of file ${path} lack the field upstream_status: `)
    expect(found).toContain('; use the log_format of deploy/nginx/log-format.conf.')
    expect(others).toEqual([])
    writeFileSync(path, `${JSON.stringify({ ...request, ssl_client_verify: 'NONE', upstream_status: '' })}\n`)
    expect(await warnings('access.log')).toEqual([])
  })

  it('bring a warning where a file holds the console in plain text, with what to configure', async () => {
    const path = join(folder, 'plain.log')
    writeFileSync(path, '2026-11-29T10:22:10.725+00:00 [gateway] ready\n')
    expect(await warnings('plain.log')).toEqual([
      expect.stringMatching(
        /plain\.log lack the field address: .*; set logging\.consoleStyle: json at the gateway, or /,
      ),
    ])
  })

  it.each([String, (line: string) => `nginx-1  | ${line}`])(
    'are those of the console in plain text where a client wrote a line of nginx into it: %#',
    async wrap => {
      const lines = [dialectFixtures['nginx-error']?.lines?.[0] ?? '', '2026/11/28 15:48:11 [notice] 7#7: quiet']
      for (const line of lines.map(wrap)) {
        writeFileSync(join(folder, 'console.log'), `${line}\n`)
        expect(await warnings('console.log')).toEqual([])
        writeFileSync(join(folder, 'console.log'), `13:51:23 [ws] unauthorized\n${line}\n`)
        expect(await warnings('console.log')).toEqual([expect.stringContaining('console.log lack the field address: ')])
      }
    },
  )

  it('are named as the console in plain text, also where a client wrote a record into it', async () => {
    writeFileSync(join(folder, 'console.log'), `2026-11-29T13:51:23.997+00:00 [ws] unauthorized\n${known}\n`)
    expect(await warnings('console.log')).toEqual([
      expect.stringContaining(
        "console.log lack the field address: they are of OpenClaw's console in plain text, in which any client can write lines",
      ),
    ])
  })

  it('are read of a large file only in part, and nothing is changed', async () => {
    const large = join(folder, 'large.log')
    writeFileSync(large, `${'a line of text\n'.repeat(100_000)}${known}\n`)
    const before = readFileSync(large)
    expect(await warnings('large.log')).toEqual([expect.stringContaining('it looks like plain text')])
    expect(readFileSync(large).equals(before)).toBe(true)
  })

  it('are missed by one sentence where a file is not there or may not be read', async () => {
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'secret/gateway.log'), 0)
    const config = await configured('nowhere.log, secret/gateway.log')
    expect((await asNobody(() => checkFormats(config))).map(({ what }) => what)).toEqual([
      expect.stringContaining(`${join(folder, 'nowhere.log')} does not exist`),
      expect.stringContaining(`No permission to read ${join(folder, 'secret/gateway.log')}`),
    ])
  })
})
