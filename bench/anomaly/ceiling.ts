/**
 * How much of SecCount can be found at all: a detector that knows the true mean of every minute:
 * node bench/anomaly/ceiling.ts [--data v1|v2] [--seed N]
 */
import { parseArgs } from 'node:util'
import { ceilingOutputs } from './comparison/ceiling.ts'
import { corpora } from './comparison/rows.ts'
import { renderTable } from './report.ts'
import { bestRecall } from './seccount/evaluate.ts'

const { values: options } = parseArgs({
  options: { data: { type: 'string', default: 'v1' }, seed: { type: 'string', default: '12345' } },
})
const draw = options.data === 'v2' ? corpora.v2 : corpora.v1
const corpus = draw(Number(options.seed))
const outputs = ceilingOutputs(corpus)
const head = ['false alerts', 'recall', ...corpus.attackTypes]
console.log(`${corpus.name}, seed ${options.seed}, with the true mean of every minute`)
console.log(
  renderTable(
    head,
    [1, 0.2].map(rate => {
      const { recall, recallByType } = bestRecall(corpus, outputs, rate)
      return [`≤ ${rate}`, recall.toFixed(3), ...corpus.attackTypes.map(type => recallByType[type]?.toFixed(2) ?? '–')]
    }),
  ),
)
