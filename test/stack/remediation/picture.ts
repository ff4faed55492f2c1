import { startDemonstration } from '../../remediation/demonstration.ts'
import { stopAll } from '../../remediation/service.ts'
import { findChromium, launchChromium } from '../page/browser.ts'
import { takePictures } from '../page/pictures.ts'

/** Takes the pictures of remediation's page over the demonstration: `node test/stack/remediation/picture.ts [FOLDER]`. */
const [folder = 'docs/pictures'] = process.argv.slice(2)
const executable = findChromium()
if (executable === undefined)
  throw new Error('No chromium-headless-shell on the PATH; on Debian: apt-get install chromium-headless-shell.')

const { url } = await startDemonstration()
const browser = await launchChromium(executable)
try {
  await takePictures(browser, url, folder, 'remediation')
} finally {
  await browser.close()
  await stopAll()
}
