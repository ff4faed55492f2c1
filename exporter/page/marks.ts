import type { Severity } from '../../core/vocabulary.ts'
import { type Html, html } from '../../service/page/html.ts'
import type { Level } from './reading.ts'

/** A glyph for each step, so that nothing is told by colour alone. */
const levelGlyphs: Readonly<Record<Level, string>> = {
  quiet: '○',
  steady: '●',
  unknown: '?',
  raised: '▲',
  strange: '◆',
}

const severityGlyphs: Readonly<Record<Severity, string>> = {
  info: '·',
  low: '○',
  medium: '◐',
  high: '▲',
  critical: '◆',
}

export function levelMark(level: Level): Html {
  return html`<span class="mark ${level}"><span class="glyph" aria-hidden="true">${levelGlyphs[level]}</span> ${level}</span>`
}

/** The glyph alone, where the word stands beside it already or the row is spoken otherwise. */
export function levelGlyph(level: Level): Html {
  return html`<span class="glyph ${level}" aria-hidden="true">${levelGlyphs[level]}</span><span class="hidden">${level}:</span>`
}

export function severityMark(severity: Severity): Html {
  return html`<span class="mark severity-${severity}"><span class="glyph" aria-hidden="true">${severityGlyphs[severity]}</span> ${severity}</span>`
}

export function syntheticMark(synthetic: boolean): Html | undefined {
  return synthetic ? html` <span class="badge">demo</span>` : undefined
}
