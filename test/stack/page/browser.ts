import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { isExecutable } from '../../../tools/checks/system-commands.ts'

/** Nothing that talks to the outside: the page is all that this browser may know. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Chromium without a window on the PATH, or undefined. */
export function findChromium(path: string = process.env.PATH ?? ''): string | undefined {
  return path
    .split(delimiter)
    .map(folder => join(folder, 'chromium-headless-shell'))
    .find(isExecutable)
}

/** A browser of its own with a new profile, which goes away with it. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: flags })
}
