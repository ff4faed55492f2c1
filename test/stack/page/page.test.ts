import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { pageHeaders, renderPage } from '../../../exporter/web/page/sections/render.ts'
import { emptyModel, sampleModel } from '../../exporter/web/page/sample.ts'
import { withCommands } from '../../requirements.ts'
import { findChromium, launchChromium } from './browser.ts'

withCommands('chromium-headless-shell').describe('the page in chromium', () => {
  let server: Server
  let browser: Browser
  let address: string
  let model = sampleModel()

  beforeAll(async () => {
    server = createServer((_, response) => response.writeHead(200, pageHeaders).end(renderPage(model)))
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    browser = await launchChromium(findChromium() as string)
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  async function open(options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await browser.newPage(options)
    const complaints: string[] = []
    page.on('console', message => complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    page.on('request', request => {
      if (!request.url().startsWith(address) && !request.url().startsWith('data:')) complaints.push(request.url())
    })
    await page.goto(address)
    return { page, complaints }
  }

  const evaluate = <T>(page: Page, expression: string) => page.evaluate<T>(expression)

  const looks = (['light', 'dark'] as const).flatMap(colorScheme =>
    [360, 768, 1280].map(width => ({ colorScheme, width })),
  )

  it.each(looks)('fits $width pixels in the $colorScheme scheme without complaint or outside request', async look => {
    model = sampleModel()
    const { page, complaints } = await open({
      colorScheme: look.colorScheme,
      viewport: { width: look.width, height: 800 },
    })
    expect(await evaluate<number>(page, 'document.documentElement.scrollWidth')).toBe(look.width)
    const ground = await evaluate<string>(page, 'getComputedStyle(document.body).backgroundColor')
    expect(ground).toBe(look.colorScheme === 'light' ? 'rgb(243, 245, 248)' : 'rgb(13, 18, 24)')
    expect(complaints).toEqual([])
    await page.close()
  })

  it('stays within a phone when names are 5,000 letters long', async () => {
    const long = 'w'.repeat(5000)
    model = { ...sampleModel(), zones: sampleModel().zones.map(zone => ({ ...zone, trustZone: long })), notes: [long] }
    const { page } = await open({ viewport: { width: 360, height: 740 } })
    expect(await evaluate<number>(page, 'document.documentElement.scrollWidth')).toBe(360)
    await page.close()
  })

  it('gives a screen reader landmarks, headings, tables and charts with numbers', async () => {
    model = sampleModel()
    const { page } = await open()
    for (const landmark of ['banner', 'main', 'contentinfo', 'navigation'] as const) {
      expect(await page.getByRole(landmark).count()).toBe(1)
    }
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('clawtrust')
    expect(await page.getByRole('region', { name: 'agent-control', exact: true }).count()).toBe(1)
    expect(await page.getByRole('img', { name: /auth failures, the last hour by minute: \d+ events/ }).count()).toBe(2)
    const events = page.getByRole('table', { name: /Newest security events/ })
    expect(await events.getByRole('row').count()).toBe(model.events.length + 1)
    await page.close()
  })

  it('keeps the roles of a table that is stacked on a phone', async () => {
    model = sampleModel()
    const { page } = await open({ viewport: { width: 360, height: 740 } })
    const events = page.getByRole('table', { name: /Newest security events/ })
    expect(await events.getByRole('rowheader').count()).toBe(model.events.length)
    await page.close()
  })

  it('is walked by keyboard: skip link first, then the controls, with a visible focus', async () => {
    model = sampleModel()
    const { page } = await open()
    const walked: string[] = []
    for (let step = 0; step < 4; step += 1) {
      await page.keyboard.press('Tab')
      walked.push(await evaluate<string>(page, 'document.activeElement.id'))
      expect(await evaluate<string>(page, 'getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
    }
    expect(walked).toEqual(['skip', 'pause', 'reload', 'finding-agent-control-auth_5f_failures'])
    await page.locator('#counts-agent-control-summary').focus()
    await page.keyboard.press('Enter')
    expect(await page.getByRole('table', { name: /Events of agent-control/ }).isVisible()).toBe(true)
    await page.close()
  })

  it('refreshes itself and keeps focus, open details and the place; a pause holds it', async () => {
    model = sampleModel()
    const page = await browser.newPage()
    await page.clock.install()
    await page.goto(address)
    await page.locator('#counts-agent-control-summary').press('Enter')
    const place = "Math.round(document.getElementById('counts-agent-control-summary').getBoundingClientRect().top)"
    const before = await evaluate<number>(page, place)
    model = { ...sampleModel(), offenders: [] }
    await page.clock.runFor(16_000)
    await page.getByText('No offenders.').waitFor()
    expect(await evaluate<string>(page, 'document.activeElement.id')).toBe('counts-agent-control-summary')
    expect(await evaluate<boolean>(page, "document.getElementById('counts-agent-control').open")).toBe(true)
    expect(await evaluate<number>(page, place)).toBe(before)
    await page.getByRole('button', { name: 'Pause refreshing' }).click()
    model = emptyModel()
    let asked = 0
    page.on('request', () => {
      asked += 1
    })
    await page.clock.runFor(60_000)
    expect(asked).toBe(0)
    await page.getByRole('button', { name: 'Resume refreshing' }).click()
    await page.getByRole('heading', { name: 'No source is configured' }).waitFor()
    await page.close()
  })

  it('shows everything without scripts', async () => {
    model = sampleModel()
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(address)
    expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toContain('agent-control is anomalous')
    expect(await page.getByRole('button').count()).toBe(0)
    await context.close()
  })
})
