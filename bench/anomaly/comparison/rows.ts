import { drawCorpus as drawV1 } from '../seccount/benchmark.ts'
import type { Corpus } from '../seccount/corpus.ts'
import { bestRecall, type Outcome, outcomeAt } from '../seccount/evaluate.ts'
import { drawCorpus as drawV2 } from '../seccount-v2/benchmark.ts'
import { type SelectionName, selections } from './contenders.ts'
import { runContender } from './run.ts'

export const corpora = { v1: drawV1, v2: drawV2 } as const satisfies Record<string, (seed: number) => Corpus>
export type CorpusName = keyof typeof corpora

/** What one detector reaches on one seed. */
export interface Row {
  readonly name: string
  /** At most 1 false alert per series and week, or what the rule itself yields. */
  readonly atOne: Outcome
  readonly atFifth: Outcome | undefined
}

export interface SeedResult {
  readonly data: CorpusName
  readonly seed: number
  readonly series: number
  readonly attacks: number
  readonly rows: readonly Row[]
}

export function measureSeed(data: CorpusName, seed: number, selection: SelectionName): SeedResult {
  const corpus = corpora[data](seed)
  const { scored, rules } = selections[selection]
  const rows: Row[] = [
    ...scored.map(contender => {
      const outputs = runContender(contender, corpus)
      return {
        name: contender.name,
        atOne: bestRecall(corpus, outputs, 1),
        atFifth: bestRecall(corpus, outputs, 0.2),
      }
    }),
    ...rules.map(rule => {
      return { name: rule.name, atOne: outcomeAt(corpus, runContender(rule, corpus), 1), atFifth: undefined }
    }),
  ]
  const attacks = corpus.series.reduce((sum, one) => sum + one.attacks.length, 0)
  return { data, seed, series: corpus.series.length, attacks, rows }
}
