import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { findChromium } from '../../../../compliance/render/pdf/chromium.ts'
import { type PdfOptions, pdfRenderer } from '../../../../compliance/render/pdf/renderer.ts'
import { sampleReport } from '../../sample-report.ts'
import { madePdf, twoPages } from './made-pdf.ts'

describe('the PDF of a report', () => {
  let folder: string
  let temporaryFolder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtrust-pdf-'))
    temporaryFolder = mkdtempSync(join(folder, 'temporary-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** A program in the place of Chromium. `$pdf` is where it is asked to print. */
  function program(script: string, name = 'chromium'): string {
    const path = join(folder, name)
    const target = 'pdf=$(printf "%s\\n" "$@" | sed -n s/--print-to-pdf=//p)'
    writeFileSync(path, `#!/bin/sh\n${target}\n${script}\n`, { mode: 0o755 })
    return path
  }

  const notes: string[] = []
  function render(options: Partial<PdfOptions> = {}) {
    notes.length = 0
    const renderer = pdfRenderer({
      path: `${folder}:/usr/bin:/bin`,
      temporaryFolder,
      timeout: 20_000,
      isRoot: false,
      note: sentence => notes.push(sentence),
      ...options,
    })
    return renderer.render(sampleReport())
  }

  function printing(pdf: Buffer): string {
    writeFileSync(join(folder, 'made.pdf'), pdf)
    return `cp ${join(folder, 'made.pdf')} "$pdf"`
  }

  it('has the time of the report in the place of that of its making', async () => {
    const chromium = program(printing(madePdf(twoPages())))
    const pdf = Buffer.from(await render({ chromium })).toString('latin1')
    expect(pdf).toContain("/CreationDate (D:20261201050000+00'00')")
    expect(notes).toEqual([])
  })

  it('is printed by the lightest Chromium on the PATH', () => {
    expect(findChromium(folder)).toBeUndefined()
    program('', 'google-chrome')
    expect(findChromium(`:/nowhere:${folder}`)).toBe(join(folder, 'google-chrome'))
    program('', 'chromium-headless-shell')
    expect(findChromium(folder)).toBe(join(folder, 'chromium-headless-shell'))
  })

  it('is missing with a clear sentence where there is no Chromium', async () => {
    await expect(render({ path: '/nowhere' })).rejects.toThrow(
      'the report is made without PDF: no Chromium was found on the PATH; install the package chromium or google-chrome, or set the path of the program',
    )
  })

  it.each([
    ['cannot be started', () => join(folder, 'absent'), 'cannot be started (ENOENT)'],
    [
      'fails',
      () => program('echo "[1:2:ERROR] no usable sandbox" >&2; exit 7'),
      'ended with code 7: [1:2:ERROR] no usable sandbox',
    ],
    ['writes nothing', () => program('exit 0'), 'wrote no PDF; where it is a snap it cannot reach'],
    [
      'writes something else',
      () => program('echo Hello > "$pdf"'),
      'what Chromium wrote cannot be read, because it is no PDF',
    ],
  ])('is missing with the reason where Chromium %s', async (_, chromium, reason) => {
    const failing = render({ chromium: chromium() })
    await expect(failing).rejects.toThrow(reason)
    await expect(failing).rejects.toThrow('the report is made without PDF')
    expect(readdirSync(temporaryFolder)).toEqual([])
  })

  it('is given up after a bounded time, with all that Chromium started', async () => {
    const pids = join(folder, 'pids')
    const chromium = program(`sleep 600 & echo $$ $! > ${pids}; wait`)
    await expect(render({ chromium, timeout: 1000 })).rejects.toThrow('did not end within 1 s')
    // A process that was killed ends a moment later.
    for (const pid of readFileSync(pids, 'utf8').trim().split(' ')) while (isAlive(Number(pid))) await setImmediate()
    expect(readdirSync(temporaryFolder)).toEqual([])
  })

  it('is not made any more when the report is stopped', async () => {
    const stop = new AbortController()
    const chromium = program(`sleep 600`)
    const stopped = render({ chromium, signal: stop.signal })
    stop.abort()
    await expect(stopped).rejects.toThrow('was stopped')
  })

  it('is printed from a file alone: without a network, in a folder of its own, with no environment but the PATH', async () => {
    const seen = join(folder, 'seen')
    const chromium = program(`{ printf '%s\\n' "$@"; env; } > ${seen}; ${printing(madePdf(twoPages()))}`)
    await render({ chromium })
    const lines = readFileSync(seen, 'utf8').split('\n')
    expect(lines).toContain('--host-resolver-rules=MAP * ~NOTFOUND')
    expect(lines.filter(line => line.startsWith('--user-data-dir=')).join('')).toContain(temporaryFolder)
    expect(lines).not.toContain('--no-sandbox')
    const names = lines.flatMap(line => /^([A-Z_]+)=/.exec(line)?.[1] ?? [])
    expect(names.filter(name => !['PWD', 'SHLVL', 'OLDPWD', '_'].includes(name)).toSorted()).toEqual([
      'HOME',
      'LANG',
      'PATH',
      'TMPDIR',
      'TZ',
      'XDG_CACHE_HOME',
      'XDG_CONFIG_HOME',
    ])
    expect(readdirSync(temporaryFolder)).toEqual([])
  })

  it('is printed without the sandbox by root only, and says so', async () => {
    const seen = join(folder, 'seen')
    const chromium = program(`printf '%s\\n' "$@" > ${seen}; ${printing(madePdf(twoPages()))}`)
    await render({ chromium, isRoot: true })
    expect(readFileSync(seen, 'utf8')).toContain('--no-sandbox')
    expect(notes).toEqual([expect.stringContaining('without its sandbox, because this process runs as root')])
  })

  it('says that its bytes differ where its times have another form', async () => {
    const chromium = program(printing(madePdf(twoPages().with(0, '<</Producer (Other)>>'))))
    await render({ chromium })
    expect(notes).toEqual([expect.stringContaining('the bytes of the PDF differ from run to run')])
  })
})

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}
