import { describe, expect, it } from '@jest/globals'
import { ProgressBar } from '../../cli/progress-bar.ts'

function terminal(columns = 80) {
  const written: string[] = []
  const clock = { now: 0 }
  const stream = { isTTY: true, columns, write: (text: string) => written.push(text) }
  return { written, clock, bar: new ProgressBar(stream, () => clock.now) }
}

describe('the bar of a history', () => {
  it('is drawn in place, at most ten times a second, and goes at the end', () => {
    const { written, clock, bar } = terminal()
    bar.update('logs', 0.25)
    bar.update('logs', 0.3)
    clock.now = 100
    bar.update('logs', 0.5)
    bar.update('logs', 1)
    expect(written).toEqual([
      `\r\u001b[K${'█'.repeat(10)}${'░'.repeat(30)}  25 % of the backfill of logs`,
      `\r\u001b[K${'█'.repeat(20)}${'░'.repeat(20)}  50 % of the backfill of logs`,
      '\r\u001b[K',
    ])
  })

  it('stays below the lines of the log', () => {
    const { written, bar } = terminal()
    bar.write('before\n')
    bar.update('logs', 0)
    bar.write('meanwhile\n')
    bar.update('logs', 1)
    bar.write('after\n')
    const line = `${'░'.repeat(40)}   0 % of the backfill of logs`
    expect(written).toEqual(['before\n', `\r\u001b[K${line}`, `\r\u001b[Kmeanwhile\n${line}`, '\r\u001b[K', 'after\n'])
  })

  it('shows the source that is furthest behind and fits into a narrow terminal', () => {
    const { written, clock, bar } = terminal(31)
    bar.update('first', 0.9)
    clock.now = 100
    bar.update('second', 0.1)
    expect(written.at(-1)).toBe('\r\u001b[K  10 % of the backfill of seco')
  })
})
