import { describe, expect, it } from '@jest/globals'
import { ProgressLine } from '../../cli/progress-line.ts'

function shown(isTTY: boolean) {
  const written: string[] = []
  const clock = { now: 0 }
  const line = new ProgressLine({ write: text => written.push(text), isTTY, columns: 20 }, () => clock.now)
  return { line, written, at: (now: number) => Object.assign(clock, { now }) }
}

describe('the progress of a long command', () => {
  it('is one line of a terminal, which is erased at the end', () => {
    const { line, written, at } = shown(true)
    line.update('too soon')
    at(150)
    line.update('a\u001b[2J long line that has no room')
    at(200)
    line.update('too soon again')
    line.clear()
    line.clear()
    expect(written).toEqual(['\r\u001b[Ka\\x1b[2J long line ', '\r\u001b[K'])
  })

  it('is seldom a line of a log', () => {
    const { line, written, at } = shown(false)
    for (let now = 0; now <= 25_000; now += 500) {
      at(now)
      line.update(`after ${now}`)
    }
    line.clear()
    expect(written).toEqual(['after 10000\n', 'after 20000\n'])
  })
})
