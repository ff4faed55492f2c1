import { describe, expect, it } from '@jest/globals'
import { read, repositoryFiles } from './source-files.ts'

/**
 * Pauses that are waited for outside a loop, and what each is. What is still to come after a pause is not known, so no
 * test waits a while and then expects that nothing has happened: it waits for a sign after which nothing can come, as
 * test/stack/servers/compared-again.ts does.
 */
const reasons: Readonly<Record<string, string>> = {
  'test/exporter/sources/source-fixtures.ts': 'makes each pause of a source short',
  'test/exporter/web/api/logs.test.ts': 'lets a commit take a while',
  'test/service/http/http-service.test.ts': 'makes an answer slow',
  'test/stack/elasticsearch/cluster.test.ts': 'how long a node hangs',
  'test/stack/elasticsearch/outage.test.ts': 'how long the outage is',
  'test/stack/exactness/ground.ts': 'how long the server hangs',
  'test/stack/exactness/play.ts': 'when the next step of a schedule comes',
}

const LOOP = /^(?:while|for|do)\b/
const indentOf = (line: string) => line.length - line.trimStart().length

/** Whether the line is a loop or lies in one, by its indentation. */
function isInLoop(lines: readonly string[], number: number): boolean {
  let indent = Number.POSITIVE_INFINITY
  for (let at = number; at >= 0 && indent > 0; at--) {
    const line = lines[at] ?? ''
    if (line.trim() === '' || indentOf(line) >= indent) continue
    indent = indentOf(line)
    if (LOOP.test(line.trim())) return true
  }
  return false
}

/** The lines outside loops that wait for a timer. A loop asks again, or spreads what it does over time. */
function pausesIn(text: string): string[] {
  const names = [...text.matchAll(/\bsetTimeout as (\w+)/g)].map(([, name]) => name)
  const waiting = new RegExp(`^await (?:(?:${['setTimeout', ...names].join('|')})\\(|new Promise\\b.*\\bsetTimeout\\()`)
  const lines = text.split('\n')
  return lines.filter((line, number) => waiting.test(line.trim()) && !isInLoop(lines, number)).map(line => line.trim())
}

describe('a test', () => {
  it('waits for a sign, and for a time only where a reason is given', () => {
    const files = repositoryFiles().filter(path => /^test\/.*\.tsx?$/.test(path))
    const pausing = files.filter(path => pausesIn(read(path)).length > 0)
    expect(pausing).toEqual(Object.keys(reasons).sort())
    for (const path of pausing) expect([path, pausesIn(read(path))]).toEqual([path, [expect.any(String)]])
  })
})

describe('a pause', () => {
  const imported = "import { setTimeout as pause } from 'node:timers/promises'"
  it.each([
    ['by the name of an import', `${imported}\nit(() => {\n  await pause(1_500)\n  expect(taken).toEqual([])\n})`],
    [
      'by a promise',
      'it(() => {\n  await new Promise(resolve => setTimeout(resolve, 50))\n  expect(calls).toBe(0)\n})',
    ],
    ['after a loop', `${imported}\nit(() => {\n  for (const one of all) {\n    act()\n  }\n  await pause(9)\n})`],
  ])('is found %s', (_, text) => {
    expect(pausesIn(text)).toHaveLength(1)
  })

  it.each([
    ['in a loop', `${imported}\nit(() => {\n  while (!isTrue()) {\n    look()\n    await pause(50)\n  }\n})`],
    ['as a loop', `${imported}\nit(() => {\n  while (!isTrue()) await pause(50)\n})`],
  ])('is not: one %s', (_, text) => {
    expect(pausesIn(text)).toEqual([])
  })
})
