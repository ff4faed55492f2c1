import { readFileSync } from 'node:fs'
import { customProperties, palettes } from '../../../service/page/palette.ts'
import type { Report } from '../../model/report.ts'
import { cut } from './elements/text.ts'
import { periodName } from './elements/words.ts'

/** In the order of the cascade. */
const sheets = ['base', 'status', 'page-one', 'parts', 'print']

const sheet = sheets.map(name => readFileSync(new URL(`./styles/${name}.css`, import.meta.url), 'utf8')).join('')

/**
 * The only style sheet of the document: the palette, for light alone, and what is in the margins of printed pages, which
 * CSS has to contain. Its hash is in the content security policy, so there are no inline styles.
 */
export function styleOf(report: Report): string {
  return `:root{color-scheme:light;${customProperties(palettes.light)}}
${sheet}${pageMargins(report)}`
}

function pageMargins({ title, organisation, period, id, synthetic }: Report): string {
  const subject = [organisation, title].filter(Boolean).map(words => cut(words, 48))
  const { muted, elevated } = palettes.light
  const boxes: readonly (readonly [place: string, content: string, colour?: string])[] = [
    ['top-left', cssString(subject.join(' · '))],
    ['top-right', cssString(periodName(period.name).long)],
    ['bottom-left', cssString(`Report ${cut(id, 40)}`)],
    ['bottom-right', `${cssString('Page ')} counter(page) ${cssString(' of ')} counter(pages)`],
    ...(synthetic ? ([['top-center', cssString(SYNTHETIC), elevated]] as const) : []),
  ]
  const box = ([place, content, colour = muted]: (typeof boxes)[number]) =>
    `@${place}{content:${content};color:${colour};font:7pt "Liberation Sans",Arial,Helvetica,"DejaVu Sans",sans-serif}`
  return `@page{${boxes.map(box).join('')}}
@page:first{@top-left{content:none}@top-right{content:none}}
`
}

const SYNTHETIC = 'SYNTHETIC DATA, evidence of nothing'

/** A string of CSS in which only letters and digits are written as they are, so that nothing can end it. */
function cssString(words: string): string {
  const escaped = Array.from(words, character =>
    /^[A-Za-z0-9]$/.test(character)
      ? character
      : `\\${(character.codePointAt(0) as number).toString(16).padStart(6, '0')}`,
  )
  return `"${escaped.join('')}"`
}
