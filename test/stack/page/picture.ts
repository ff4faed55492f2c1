import { findChromium, launchChromium } from './browser.ts'
import { takePictures } from './pictures.ts'

/** Takes the README's pictures of a running page: `node test/stack/page/picture.ts URL [FOLDER]`. */
const [address, folder = 'docs/pictures'] = process.argv.slice(2)
const executable = findChromium()
if (address === undefined) throw new Error('Give the address of a running page, for instance http://127.0.0.1:9847/.')
if (executable === undefined)
  throw new Error('No chromium-headless-shell on the PATH; on Debian: apt-get install chromium-headless-shell.')

const browser = await launchChromium(executable)
try {
  await takePictures(browser, address, folder)
} finally {
  await browser.close()
}
