/** node bench/file-source/searches.ts FILE: ways to find the wanted lines of a log, in MiB/s over 256 KiB chunks, best of five. */
import { readFileSync } from 'node:fs'
import { logPrefilter } from '../../decoding/dialects/openclaw-log/prefilter.ts'
import { securityEventDialect } from '../../decoding/dialects/openclaw-security-event/dialect.ts'
import { createTextSearch } from '../../decoding/toolkit/text-search.ts'

const CHUNK = 256 * 1024
const bytes = readFileSync(process.argv[2] ?? '').subarray(0, 200 * 2 ** 20)
const texts = [...securityEventDialect.prefilter, ...logPrefilter]

/** Each counts the wanted lines of a chunk, going from hit to the end of its line. */
type Count = (chunk: Buffer) => number

function countBy(next: (from: number) => number, endOfLine: (at: number) => number): number {
  let lines = 0
  for (let hit = next(0); hit >= 0; lines++) {
    const end = endOfLine(hit)
    if (end < 0) return lines + 1
    hit = next(end + 1)
  }
  return lines
}

const byIndexOf: Count = chunk => {
  const hits = texts.map(() => -2)
  const next = (from: number): number => {
    let first = -1
    for (const [index, text] of texts.entries()) {
      let hit = hits[index] ?? -1
      if (hit !== -1 && hit < from) hit = hits[index] = chunk.indexOf(text, from)
      if (hit >= 0 && (first < 0 || hit < first)) first = hit
    }
    return first
  }
  return countBy(next, at => chunk.indexOf(10, at))
}

const pattern = new RegExp(texts.map(text => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|'), 'g')
const byAlternation: Count = chunk => {
  const text = chunk.toString('latin1')
  const next = (from: number): number => {
    pattern.lastIndex = from
    return pattern.test(text) ? pattern.lastIndex - 1 : -1
  }
  return countBy(next, at => text.indexOf('\n', at))
}

const search = createTextSearch(texts)
const byTextSearch: Count = chunk => {
  const next = (from: number): number => {
    const hit = search(chunk, from, chunk.length)
    return hit < chunk.length ? hit : -1
  }
  return countBy(next, at => chunk.indexOf(10, at))
}

for (const [name, count] of Object.entries({ byIndexOf, byAlternation, byTextSearch })) {
  let best = Number.POSITIVE_INFINITY
  let lines = 0
  for (let round = 0; round < 5; round++) {
    const begun = performance.now()
    lines = 0
    for (let at = 0; at < bytes.length; at += CHUNK) lines += count(bytes.subarray(at, at + CHUNK))
    best = Math.min(best, performance.now() - begun)
  }
  console.log(`${name}: ${lines} lines, ${Math.round(bytes.length / 2 ** 20 / (best / 1000))} MiB/s`)
}
