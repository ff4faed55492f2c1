// Makes the pictures of the readme in the panel host: node bench/pictures.mjs. Needs a build and the host's bundles.
import { chromium } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { serve } from '../host/serve.mjs';

const folder = fileURLToPath(new URL('../src/img/', import.meta.url));
/** What to point at, as shares of the picture, so that it shows a card too. */
const pictures = [
  { name: 'lanes', x: 0.885, y: 0.19 },
  { name: 'flows', x: 0.8, y: 0.12 },
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const server = await serve('13', 0);
for (const { name, x, y } of pictures) {
  for (const theme of ['dark', 'light']) {
    const page = await browser.newPage({ viewport: { width: 1456, height: 720 } });
    await page.goto(`http://127.0.0.1:${server.address().port}/?case=${name}&theme=${theme}`);
    const picture = page.locator(`[data-testid="trustmap ${name}"]`);
    await picture.waitFor();
    await page.evaluate(() => document.fonts.ready);
    const box = await picture.boundingBox();
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
    await page.locator('[data-testid="trustmap detail"]').waitFor();
    await page.locator('[data-viz-panel-key="panel-1"]').screenshot({ path: `${folder}${name}-${theme}.png` });
    await page.close();
  }
}
server.close();
await browser.close();
