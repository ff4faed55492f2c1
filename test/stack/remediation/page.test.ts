import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { hashSync } from 'bcryptjs'
import type { Browser } from 'playwright-core'
import { type Demonstration, startDemonstration } from '../../remediation/demonstration.ts'
import { stopAll, temporaryFolder } from '../../remediation/service.ts'
import { withCommands } from '../../requirements.ts'
import { findChromium, launchChromium } from '../page/browser.ts'

const httpCredentials = { username: 'alice', password: 'secret' }

withCommands('chromium-headless-shell').describe("remediation's page in chromium", () => {
  let browser: Browser
  let demonstration: Demonstration

  beforeAll(async () => {
    browser = await launchChromium(findChromium() as string)
    const web_config_file = join(temporaryFolder(), 'web.yml')
    writeFileSync(web_config_file, `basic_auth_users:\n  alice: ${hashSync(httpCredentials.password, 4)}\n`)
    demonstration = await startDemonstration(0, { web_config_file })
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await stopAll()
  })

  async function open(options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await browser.newPage({ httpCredentials, ...options })
    const complaints: string[] = []
    // Chromium asks without credentials first.
    page.on('console', message => message.text().includes('401') || complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    await page.goto(demonstration.url)
    return { page, complaints }
  }

  const looks = (['light', 'dark'] as const).flatMap(colorScheme =>
    [360, 768, 1280].map(width => ({ colorScheme, width })),
  )

  it.each(looks)('fits $width pixels in the $colorScheme scheme without complaint', async ({ colorScheme, width }) => {
    const { page, complaints } = await open({ colorScheme, viewport: { width, height: 800 } })
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('lets an operator approve, unblock and reset the breaker by its buttons and the keyboard', async () => {
    const { page, complaints } = await open()
    const { ledger, kernel } = demonstration.service
    const press = async (name: RegExp) => {
      await page.getByRole('button', { name }).first().focus()
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: /^Yes, / }).focus()
      await page.keyboard.press('Enter')
      const sentence = await page.getByRole('status').textContent()
      await page.getByRole('link', { name: 'Back to the page' }).click()
      return sentence
    }
    expect(await press(/^Reset it now/)).toContain('The breaker is closed')
    expect(await page.textContent('#verdict h2')).toContain('failed permanently')
    const [proposal] = ledger.incidents.list(['proposed'], 1)
    expect(await press(new RegExp(`^Approve ${proposal?.id}`))).toContain(`${proposal?.target} is blocked`)
    expect(kernel.elements.has(proposal?.target ?? '')).toBe(true)
    expect(await press(new RegExp(`^Unblock ${proposal?.target}`))).toContain(`${proposal?.target} is unblocked`)
    expect(kernel.elements.has(proposal?.target ?? '')).toBe(false)
    expect(JSON.stringify(ledger.audit.page(0, 999))).toContain('alice from 127.0.0.1')
    expect(complaints).toEqual([])
    await page.close()
  }, 60_000)

  it.each(looks)('asks before it acts, within $width pixels in the $colorScheme scheme', async look => {
    const { page, complaints } = await open({
      colorScheme: look.colorScheme,
      viewport: { width: look.width, height: 800 },
    })
    const { ledger } = demonstration.service
    const before = ledger.blocks.count()
    await page
      .getByRole('button', { name: /^Unblock / })
      .first()
      .click()
    expect(await page.title()).toMatch(/^clawtrust: Unblock \S+\?$/)
    expect(await page.getByRole('form', { name: /^Unblock \S+\?$/ }).count()).toBe(1)
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(look.width)
    await page.getByRole('link', { name: 'Cancel' }).click()
    expect(await page.title()).toBe('clawtrust remediation')
    expect(ledger.blocks.count()).toBe(before)
    expect(complaints).toEqual([])
    await page.close()
  })
})
