import type { ScorePoint } from '../exporter/detection/recent-scores.ts'

const HEIGHT = 8
const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const MAX_COLUMNS = 72

/**
 * Minutes as columns: `█` events, `▓` events above the expected band, `░` the band, `─` what was expected where there were
 * fewer events; the score is below them. Without colours, so that the plot can be pasted into a ticket.
 */
export function plotTrail(trail: readonly ScorePoint[]): string {
  const points = trail.slice(-MAX_COLUMNS)
  if (points.length === 0) return ''
  const top = Math.max(1, ...points.map(({ observed, upper }) => Math.max(observed, upper)))
  const margin = Math.max('score'.length, label(top).length)
  const rows = Array.from({ length: HEIGHT }, (_, row) => {
    const height = HEIGHT - row
    const left = row === 0 ? label(top) : height === 1 ? '0' : ''
    return `${left.padStart(margin)} ┤${points.map(point => cell(point, height, top)).join('')}`
  })
  const scores = points.map(({ score }) => (score === undefined ? '·' : EIGHTHS[Math.round((score / 100) * 8)]))
  const axis = `${' '.repeat(margin)} └${'─'.repeat(points.length)}`
  const times = `${timeOf(points[0])}${timeOf(points.at(-1)).padStart(Math.max(6, points.length - 5))} UTC`
  return [
    ...rows,
    axis,
    `${'score'.padStart(margin)}  ${scores.join('')}`,
    `${' '.repeat(margin + 2)}${times}`,
    `${' '.repeat(margin + 2)}█ events  ▓ events above the band  ░ expected band (98 of 100 minutes)  ─ expected`,
  ].join('\n')
}

function cell({ observed, expected, upper }: ScorePoint, height: number, top: number): string {
  const level = (value: number) => (value > 0 ? Math.max(1, Math.round((value / top) * HEIGHT)) : 0)
  if (height <= level(observed)) return observed > upper && height > level(upper) ? '▓' : '█'
  if (height === level(expected)) return '─'
  return height <= level(upper) ? '░' : ' '
}

const label = (value: number) => (value < 10 ? String(Number(value.toPrecision(2))) : String(Math.round(value)))

function timeOf(point: ScorePoint | undefined): string {
  return point === undefined ? '' : new Date(point.minute * 1000).toISOString().slice(11, 16)
}
