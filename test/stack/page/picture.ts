import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findChromium, launchChromium } from './browser.ts'

/** Takes the README's pictures of a running page: `node test/stack/page/picture.ts URL [FOLDER]`. */
const [address, folder = 'docs/pictures'] = process.argv.slice(2)
const executable = findChromium()
if (address === undefined) throw new Error('Give the address of a running page, for instance http://127.0.0.1:9847/.')
if (executable === undefined) throw new Error('No chromium on the PATH; on Debian: apt-get install chromium.')

await mkdir(folder, { recursive: true })
const browser = await launchChromium(executable)
try {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 1120 } })
    await page.goto(address)
    await page.screenshot({ path: join(folder, `page-${colorScheme}.png`) })
  }
} finally {
  await browser.close()
}
