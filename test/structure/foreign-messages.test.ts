import { describe, expect, it } from '@jest/globals'
import { read, repositoryFiles } from './source-files.ts'

/**
 * How the message of an error is reached. One of another program may quote a secret, so product code uses
 * `failureReason` (core/errors.ts) instead.
 */
const MESSAGE =
  /\b(?:error|cause|failure|reason|fault|err|e)(?: as [\w.& {}:?;]+)?\)?\??\.(?:message|stack)\b|String\((?:error|cause|failure)\)/

/** Places that read one of our own, or only compare or take it apart, and why. */
const allowed: Readonly<Record<string, string>> = {
  'core/errors.ts': 'is the one place that decides what is shown',
  'core/config/document.ts': 'Refusal is its own class of sentences',
  'core/config/syntax.ts': 'looks for known words and quotes none',
  'cli/program.ts': 'behind a check for Fault',
  'compliance/integrity/json-text.ts': 'takes the number of a position out of it',
  'service/log/logger.ts': 'behind a check for Fault',
  'service/http/lifecycle-routes.ts': 'behind a check for ClawtrustError',
  'service/http/http-service.ts': 'compares one refusal with the last',
  'service/elasticsearch/failure.ts': 'looks for known words and quotes none',
  'service/elasticsearch/connection-failure.ts':
    'looks for known words and quotes only those, and the names in a certificate, which are public',
  'service/elasticsearch/answer-bytes.ts': 'hands it to the class of the client, which failure.ts explains',
  'service/delivery/http-request.ts': 'behind a check for RequestFailed',
  'cli/report-stores.ts': 'behind a check for Fault',
  'compliance/produce.ts': 'behind a check for PdfNotMade, a Fault',
  'compliance/evidence/prometheus-store.ts': 'behind a check for RequestFailed',
}

const product = repositoryFiles().filter(path =>
  /^(?:cli|compliance|core|decoding|elastic|exporter|policy|promql|remediation|service)\/.*\.ts$/.test(path),
)

describe('the message of a foreign error', () => {
  it('is read nowhere but where it is neither shown nor stored', () => {
    const reading = product.filter(path => MESSAGE.test(read(path)))
    expect(reading.toSorted()).toEqual(Object.keys(allowed).toSorted())
  })

  it.each(['return (error as Error).message', 'const why = cause.message', 'log(error.stack)', 'return String(error)'])(
    'would be found in %s',
    line => {
      expect(line).toMatch(MESSAGE)
    },
  )
})
