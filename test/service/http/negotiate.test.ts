import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { acceptsGzip, negotiateFormat } from '../../../service/http/negotiate.ts'

describe('gzip', () => {
  it.each(['gzip', 'br, GZIP', 'gzip;q=0.5', '*', 'deflate, *;q=0.1', 'gzip ; q=1'])('is taken by %s', header => {
    expect(acceptsGzip(header)).toBe(true)
  })

  it.each([undefined, '', 'identity', 'gzip;q=0', 'gzip;q=0.0, *', 'br', 'gzip;q=x'])('is not taken by %s', header => {
    expect(acceptsGzip(header)).toBe(false)
  })
})

describe('OpenMetrics', () => {
  it.each([
    // Prometheus 2.42, and one of version 3.
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
    'application/openmetrics-text',
    'Application/OpenMetrics-Text; Version="1.0.0"; Q=0.2, text/plain; q=0.2',
    'text/plain;q=0, application/openmetrics-text;q=0.1',
  ])('is the answer to %s', header => {
    expect(negotiateFormat(header)).toBe('openmetrics')
  })

  it.each([
    undefined,
    '',
    '*/*',
    'application/*',
    'text/html,application/xhtml+xml,*/*;q=0.8',
    'text/plain;version=0.0.4',
    'application/openmetrics-text;version=0.0.1',
    'application/openmetrics-text;version=2.0.0, */*;q=0.1',
    'application/openmetrics-text;q=0',
    'application/openmetrics-text;q=x',
    'application/openmetrics-text;q=-1',
    'application/openmetrics-text;q=0.5, text/plain',
    'application/openmetrics-text;q=0.5, text/*;q=0.6',
    'application/openmetrics-text;q=0.5, */*',
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
  ])('is not the answer to %s', header => {
    expect(negotiateFormat(header)).toBe('text')
  })

  it('is asked for in any order of the entries, and no header is refused', () => {
    const entry = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom('*/*;q=0.1', 'text/plain;q=0.5', 'application/openmetrics-text', 'text/*;q=0', ';;q==', '"'),
    )
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), entries => {
        expect(negotiateFormat(entries.join(','))).toBe(negotiateFormat(entries.toReversed().join(',')))
      }),
    )
  })
})
