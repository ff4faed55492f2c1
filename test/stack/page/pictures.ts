import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'

export const colourSchemes = ['light', 'dark'] as const

/** Takes the page at an address in both colour schemes, 1280 pixels wide: `page-light.png` and `page-dark.png` in the folder. */
export async function takePictures(
  browser: Browser,
  address: string,
  folder: string,
  name = 'page',
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true })
  const files: string[] = []
  for (const colorScheme of colourSchemes) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 1120 } })
    await page.goto(address)
    const path = join(folder, `${name}-${colorScheme}.png`)
    await page.screenshot({ path })
    await page.close()
    files.push(path)
  }
  return files
}
