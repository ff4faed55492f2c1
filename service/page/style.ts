import { readFileSync } from 'node:fs'
import { customProperties, palettes } from './palette.ts'

/** The page's only style sheet. Its hash is in the content security policy, so there are no inline styles. */
export const style = `:root{color-scheme:light dark;${customProperties(palettes.light)}}
@media (prefers-color-scheme:dark){:root{${customProperties(palettes.dark)}}}
${readFileSync(new URL('./browser/page.css', import.meta.url), 'utf8')}`
