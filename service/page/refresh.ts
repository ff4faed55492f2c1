import { readFileSync } from 'node:fs'

/** How often the page refreshes itself, seconds; the script reads it from the button that pauses it. */
export const refreshSeconds = 15

/** The page's one script. Its hash is in the content security policy. */
export const refreshScript = readFileSync(new URL('./browser/refresh.js', import.meta.url), 'utf8')
