import type { EpochMs } from '../../../../core/clock.ts'
import { span } from '../../../../core/time/duration.ts'
import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { ago, minuteTime, timestamp, words } from '../../../../service/page/words.ts'
import { bandChart, bandText } from '../charts/band.ts'
import { levelGlyph, syntheticMark } from '../marks.ts'
import type { EpisodeView } from '../model.ts'

/** Episodes of the last 15 days and their explanations, each by the minute of its highest score. */
export function episodeSection(episodes: readonly EpisodeView[] | undefined, now: EpochMs): Html | undefined {
  if (episodes === undefined) return undefined
  return html`<section aria-labelledby="episodes-heading"><h2 id="episodes-heading">Most anomalous episodes of the last 15 days</h2>
<div class="panel episodes" id="episodes" data-live>${
    episodes.length === 0
      ? html`<p class="empty">No series was active. A series has a score after 12 hours of minutes, or as soon as 12 hours of backfill are scored.</p>`
      : html`<ul>${episodes.map(episode => episodeRow(episode, now))}</ul><p class="legend">Shaded: the band that is expected to contain 98 of 100 minutes; the line in it: what was expected of each minute. Red: minutes above the band. Each chart ends with the minute of the highest score.</p>`
  }</div></section>`
}

function episodeRow(episode: EpisodeView, now: EpochMs): Html {
  const { trustZone, signal, gateway, synthetic, from, to, peak, score, verdict } = episode
  const name = `${trustZone.slice(0, 64)} ${words(signal)} before ${timestamp(peak)}`
  return html`<li class="signal"><div class="name">${levelGlyph(verdict === undefined ? 'anomalous' : 'normal')} ${dataText(trustZone)} · ${words(signal)}${syntheticMark(synthetic)}</div>
${bandChart(name, episode.trail)}
<div class="figures"><strong>${Math.round(score)}</strong><span class="muted"><time datetime="${timestamp(peak)}">${timestamp(peak).slice(5, 10)} ${minuteTime(peak)}</time> UTC</span></div>
<div class="why">${bandText(episode)}: ${dataText(episode.words, 300)}${newest(episode)}<span class="scored">On ${dataText(gateway)} for ${span(to - from)}, ${ago(peak, now)}${verdict === undefined ? undefined : html` · <strong>${verdict === 'fine' ? 'marked as fine by an operator' : 'muted by an operator'}</strong>`}</span></div></li>
`
}

function newest({ newest: names }: EpisodeView): Html | undefined {
  if (names.length === 0) return undefined
  return html` (including ${names.map((name, index) => html`${index === 0 ? '' : ', '}${dataText(name, 45)}`)})`
}
