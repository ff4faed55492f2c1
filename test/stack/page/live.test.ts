import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { withCommands } from '../../requirements.ts'
import { eventually } from '../servers/eventually.ts'
import { type RunningExporter, startExporter } from '../servers/exporter.ts'
import { findChromium, launchChromium } from './browser.ts'
import { takePictures } from './pictures.ts'

withCommands('chromium-headless-shell').describe('the page of a running exporter, in chromium', () => {
  let exporter: RunningExporter
  let browser: Browser
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clawtrust-pictures-'))
    exporter = await startExporter()
    browser = await launchChromium(findChromium() as string)
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await exporter?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('shows the attack day of the demo, by trust zone and reason, without an error or a request elsewhere', async () => {
    await eventually(
      'the history of the demo is read',
      async () => exporter.process.output().includes('Backfill finished') || undefined,
      { by: exporter.process },
    )
    const page = await browser.newPage()
    const troubles: string[] = []
    page.on('console', message => troubles.push(message.text()))
    page.on('pageerror', error => troubles.push(error.message))
    page.on('request', request => {
      if (!request.url().startsWith(`http://${exporter.address}/`) && !request.url().startsWith('data:')) {
        troubles.push(request.url())
      }
    })
    await page.goto(`http://${exporter.address}/`)
    const days = await page.locator('#days').textContent()
    expect(days).toContain('agent-control · auth lockouts')
    expect(days).toContain('password_mismatch')
    expect(troubles).toEqual([])
    await page.close()
  }, 60_000)

  it('has its pictures taken in both colour schemes', async () => {
    const files = await takePictures(browser, `http://${exporter.address}/`, folder)
    const pictures = await Promise.all(files.map(file => readFile(file)))
    expect(pictures.map(picture => picture.subarray(1, 4).toString())).toEqual(['PNG', 'PNG'])
    expect(pictures[0]?.equals(pictures[1] as Buffer)).toBe(false)
  }, 60_000)
})
