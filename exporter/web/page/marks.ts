import type { Severity } from '../../../core/labels/event.ts'
import { dataText } from '../../../service/page/data-text.ts'
import { type Html, html } from '../../../service/page/html.ts'
import type { ListMatch } from '../../enrichment/address-facts.ts'
import type { Level } from './signal-assessment.ts'

/** A glyph for each level, because colour alone must not carry meaning. */
const levelGlyphs: Readonly<Record<Level, string>> = {
  none: '○',
  normal: '●',
  unknown: '?',
  elevated: '▲',
  anomalous: '◆',
}

const severityGlyphs: Readonly<Record<Severity, string>> = {
  info: '·',
  low: '○',
  medium: '◐',
  high: '▲',
  critical: '◆',
}

const levelWords = (level: Level) => (level === 'none' ? 'no events' : level)

export function levelMark(level: Level): Html {
  return html`<span class="mark ${level}"><span class="glyph" aria-hidden="true">${levelGlyphs[level]}</span> ${levelWords(level)}</span>`
}

/** The glyph alone, where the row already names the level; screen readers get the word. */
export function levelGlyph(level: Level): Html {
  return html`<span class="glyph ${level}" aria-hidden="true">${levelGlyphs[level]}</span><span class="hidden">${levelWords(level)}:</span>`
}

export function severityMark(severity: Severity): Html {
  return html`<span class="mark severity-${severity}"><span class="glyph" aria-hidden="true">${severityGlyphs[severity]}</span> ${severity}</span>`
}

/** A threat list on which an address is. */
export function listMark({ list, verdict }: ListMatch): Html {
  const [level, glyph, words] =
    verdict === 'malicious' ? ['severity-high', severityGlyphs.high, 'malicious'] : ['severity-info', '○', 'benign']
  return html`<span class="mark ${level}"><span class="glyph" aria-hidden="true">${glyph}</span> ${words} by ${dataText(list, 32)}</span>`
}

export function syntheticMark(synthetic: boolean): Html | undefined {
  return synthetic ? html` <span class="badge">demo</span>` : undefined
}

/** Once in the document: what every chart's gaps are filled with. */
export function hatchDefinition(): Html {
  return html`<svg class="defs" aria-hidden="true" focusable="false"><defs><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-back" width="4" height="4"/><line class="hatch-line" x1="0" y1="0" x2="0" y2="4"/></pattern></defs></svg>`
}
