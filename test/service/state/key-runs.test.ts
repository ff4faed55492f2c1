import { existsSync, readdirSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { KeyRuns } from '../../../service/state/key-runs.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clawtrust-runs-'))
})
afterEach(async () => {
  await chmod(folder, 0o700)
  await rm(folder, { recursive: true })
})

describe('runs of keys', () => {
  it('find what was added to any of them, also keys that begin alike, and nothing else', () => {
    const word = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))
    const key = fc.tuple(word, word, fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 }))
    const entry = fc.tuple(key, fc.integer({ min: 2, max: 1000 }))
    fc.assert(
      fc.property(fc.array(fc.array(entry, { maxLength: 700 }), { maxLength: 4 }), fc.array(key), (runs, others) => {
        const keys = new KeyRuns(join(folder, 'runs'))
        const model = new Map<string, number>()
        for (const run of runs) {
          // A run holds a key once.
          const unique = new Map(run.map(([words, value]) => [words.join(), [...words, value]]))
          keys.add(Int32Array.from([...unique.values()].flat()))
          for (const [text, words] of unique) model.set(text, Math.max(model.get(text) ?? 0, words[4] as number))
        }
        for (const [text, value] of model) expect(keys.get(Int32Array.from(text.split(',').map(Number)))).toBe(value)
        for (const words of others) expect(keys.get(Int32Array.from(words))).toBe(model.get(words.join()))
        keys.close()
      }),
      { numRuns: 60 },
    )
  })

  it('find keys with one first word over several blocks of a file', () => {
    const keys = new KeyRuns(join(folder, 'runs'))
    const words = Array.from({ length: 3_000 }, (_, n) => [n < 900 ? n - 450 : 7, n, n * 7, -n, n + 2])
    keys.add(Int32Array.from(words.flat()))
    for (const [a = 0, b = 0, c = 0, d = 0, value] of words) expect(keys.get(Int32Array.of(a, b, c, d))).toBe(value)
    expect(keys.get(Int32Array.of(7, -1, -7, 1))).toBeUndefined()
    keys.close()
  })

  it('are deleted with their file when every value has passed', () => {
    const keys = new KeyRuns(join(folder, 'runs'))
    keys.add(Int32Array.of(1, 2, 3, 4, 10))
    keys.add(Int32Array.of(5, 6, 7, 8, 20))
    keys.expire(11)
    expect(keys.get(Int32Array.of(1, 2, 3, 4))).toBeUndefined()
    expect(keys.get(Int32Array.of(5, 6, 7, 8))).toBe(20)
    expect(readdirSync(join(folder, 'runs'))).toHaveLength(1)
    keys.close()
    expect(existsSync(join(folder, 'runs'))).toBe(false)
  })

  it('take nothing of what cannot be written', async () => {
    await writeFile(join(folder, 'runs'), 'a file where the folder would be')
    const keys = new KeyRuns(join(folder, 'runs'))
    expect(() => keys.add(Int32Array.of(1, 2, 3, 4, 10))).toThrow()
    expect(keys.size).toBe(0)
  })

  it('take more keys at once than one file holds', () => {
    const keys = new KeyRuns(join(folder, 'runs'))
    const size = 2 ** 21 + 3
    const entries = new Int32Array(5 * size)
    for (let n = 0; n < size; n++) entries.set([Math.imul(n, 0x9e3779b1), n, n + 1, n + 2, 2 + (n % 7)], 5 * n)
    keys.add(entries)
    expect(keys.size).toBe(size)
    for (let n = 0; n < size; n += 199_999) expect(keys.get(entries.subarray(5 * n, 5 * n + 4))).toBe(2 + (n % 7))
    expect(keys.get(entries.subarray(5 * (size - 1), 5 * size - 1))).toBe(2 + ((size - 1) % 7))
    keys.close()
  })
})
