import { scoreSeverities } from '../core/score-severity.ts'
import { anomalyConstants } from '../exporter/detection/model/constants.ts'
import { expectedPartsInWords } from '../exporter/detection/model/series/expected-parts.ts'
import type { ExplainAnswer } from '../exporter/web/api/explain.ts'
import { plotTrail } from './explain-plot.ts'

/** Formats an explanation as text for a terminal. */
export function explainReport(answer: ExplainAnswer): string {
  const { series, minute, score, active, words, explanation, entities, episodes } = answer
  const lines = [
    `${safe(series.signal)} in ${safe(series.trustZone)} of ${safe(series.gateway)}`,
    `${time(minute)}  ${score === null ? waiting(answer) : `score ${Math.round(score)} of 100${active ? ', active' : ''}`}`,
    `${number(answer.observed)} ${answer.observed === 1 ? 'event' : 'events'}, ${expected(answer)}`,
    ...(words === null || score === null ? [] : [`Why: ${safe(words)}`]),
    ...(explanation === null || score === null || score < scoreSeverities.low
      ? []
      : [`Strongest view: expected once in ${number(explanation.oneIn)} minutes.`, ...views(explanation)]),
    ...(explanation?.firstSeen ?? [])
      .filter(({ newest, surprise }) => surprise >= 1 && newest.length > 0)
      .map(({ kind, newest }) => `First seen, ${safe(kind)}: ${newest.map(safe).join(', ')}`),
    ...entities.map(
      ({ kind, key, observed, expected }) =>
        `${safe(kind)} ${safe(key)}: ${number(observed)} in 20 minutes, ${number(expected)} expected`,
    ),
    '',
    plotTrail(answer.trail),
    ...(episodes.length === 0 ? [] : ['', 'Episodes of the last 15 days, highest score first:']),
    ...episodes.map(
      ({ from, to, score: peak, words: why }) =>
        `  ${time(from)} to ${time(to)}  score ${Math.round(peak)}  ${safe(why)}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}

/** An exporter of an earlier version answers without parts. */
function expected({ expected: events, lower, upper, expected_parts: parts }: ExplainAnswer): string {
  const named = parts && expectedPartsInWords(parts, number)
  return `${number(events)} expected (${number(lower)} to ${number(upper)})${named ? `: ${named}` : ''}`
}

function waiting({ samples_seen }: ExplainAnswer): string {
  return `no score yet: ${samples_seen} of the first ${anomalyConstants.count.warmUp} minutes are learnt`
}

function views({ contributions, raw }: NonNullable<ExplainAnswer['explanation']>): string[] {
  return Object.entries(contributions)
    .filter(([, part]) => part >= 0.05 * raw && part > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([view, part]) => `  ${view.padEnd(14)} ${part.toFixed(1).padStart(5)} of ${raw.toFixed(1)}`)
}

const time = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const number = (value: number) => Number(value.toPrecision(value < 100 ? 2 : 6)).toLocaleString('en-GB')

/** Names come from records: their control characters must not reach the terminal. */
function safe(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, sign => `\\u{${sign.codePointAt(0)?.toString(16)}}`)
}
