import { describe, expect, it } from '@jest/globals'
import { read, repositoryFiles } from './source-files.ts'

/** Requests that are sent, and answers that are read to their end, however long. */
const UNBOUNDED =
  /\bawait fetch\(|\bfetch\(\w|\bresponse\.(?:text|json|arrayBuffer|blob|bytes)\(\)|\banswer\.(?:text|json)\(\)|https?\.request\(/

const product = repositoryFiles().filter(path =>
  /^(?:cli|core|decoding|elastic|exporter|policy|promql|remediation|service)\/.*\.ts$/.test(path),
)

describe('every request over HTTP', () => {
  it('is sent by the bounded fetch, beside those of the client of Elasticsearch', () => {
    expect(product.filter(path => UNBOUNDED.test(read(path)))).toEqual([])
  })

  it.each(['const response = await fetch(url, {})', 'fetch(url).then(use)', 'const text = await response.text()'])(
    'would be found in %s',
    line => {
      expect(line).toMatch(UNBOUNDED)
    },
  )
})
