import { readFileSync } from 'node:fs'

/** The interval of the page's refresh, seconds; the script reads it from the pause button. */
export const refreshSeconds = 15

/** The page's only script. Its hash is in the content security policy. */
export const refreshScript = readFileSync(new URL('./browser/refresh.js', import.meta.url), 'utf8')
