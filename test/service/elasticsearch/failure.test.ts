import { errors } from '@elastic/elasticsearch'
import { describe, expect, it } from '@jest/globals'
import { ClawtrustError } from '../../../core/errors.ts'
import { explainFailure, isRefusal } from '../../../service/elasticsearch/failure.ts'

const asked = { index: ['logs-openclaw-*'], address: 'https://es.example:9200' }

function answer(statusCode: number, type: string, reason: string) {
  const body = {
    error: { root_cause: [{ type, reason }], type: 'search_phase_execution_exception', reason: 'all shards failed' },
  }
  return new errors.ResponseError({ statusCode, body, headers: {}, warnings: null, meta: {} } as never)
}

describe('a failure of Elasticsearch', () => {
  it.each([
    [
      'wrong credentials',
      answer(401, 'security_exception', 'unable to authenticate'),
      'ELASTICSEARCH_UNAUTHENTICATED',
      'check api_key or username and password',
    ],
    [
      'a missing privilege',
      answer(403, 'security_exception', 'action [indices:data/read/search] is unauthorized'),
      'ELASTICSEARCH_FORBIDDEN',
      'grant their role read and view_index_metadata on it',
    ],
    [
      'a missing index',
      answer(404, 'index_not_found_exception', 'no such index [logs-x]'),
      'ELASTICSEARCH_NO_INDEX',
      'no such index [logs-x]; correct index',
    ],
    [
      'too much load',
      answer(429, 'es_rejected_execution_exception', 'queue full'),
      'ELASTICSEARCH_OVERLOADED',
      'it is retried',
    ],
    [
      'lost shards',
      answer(503, 'no_shard_available_action_exception', 'no copy'),
      'ELASTICSEARCH_UNAVAILABLE',
      'check the health of the cluster',
    ],
    [
      'an unknown answer',
      answer(400, 'parsing_exception', 'odd'),
      'ELASTICSEARCH_FAILED',
      'answered 400: parsing_exception: odd',
    ],
    [
      'another authority',
      new errors.ConnectionError('self-signed certificate in certificate chain'),
      'ELASTICSEARCH_UNTRUSTED',
      'set ca_file to the authority that signed it',
    ],
    [
      'no client certificate',
      new errors.ConnectionError('other side closed'),
      'ELASTICSEARCH_UNREACHABLE',
      'if it requires a client certificate, set client_cert_file and client_key_file',
    ],
    [
      'TLS to a plain port',
      new errors.ConnectionError('error:0A00010B:SSL routines:ssl3_get_record:wrong version number'),
      'ELASTICSEARCH_UNREACHABLE',
      'must start with https:// or http://',
    ],
    [
      'nobody there',
      new errors.ConnectionError('connect ECONNREFUSED 127.0.0.1:9200'),
      'ELASTICSEARCH_UNREACHABLE',
      'check address, port and network',
    ],
    [
      'wrong credentials for the proxy',
      new errors.ConnectionError('Bad response: 407'),
      'ELASTICSEARCH_PROXY',
      'the proxy for https://es.example:9200 refuses the credentials (407); check proxy_username and proxy_password',
    ],
    [
      'a proxy that does not lead there',
      new errors.ConnectionError('Bad response: 403'),
      'ELASTICSEARCH_PROXY',
      'does not connect to it (403); allow tunnels (CONNECT)',
    ],
    ['a slow answer', new errors.TimeoutError('Request timed out'), 'ELASTICSEARCH_TIMEOUT', 'raise request_timeout'],
    [
      'another product',
      new errors.ProductNotSupportedError('Elasticsearch', {} as never),
      'ELASTICSEARCH_OTHER_PRODUCT',
      'is not Elasticsearch 8 or 9',
    ],
  ])('%s is told in one sentence that says what to do', (_, failure, code, words) => {
    const explained = explainFailure(failure, asked)
    expect(explained.code).toBe(code)
    expect(explained.message).toContain(words)
    expect(explained.message).not.toContain('\n')
    expect(explained.recoverable).toBe(true)
  })

  it('tells who speaks plainly to a port with TLS', () => {
    const plain = { ...asked, address: 'http://es.example:9200' }
    const { message } = explainFailure(new errors.ConnectionError('other side closed'), plain)
    expect(message).toContain('must start with https:// or http://')
  })

  it('tells of a remote cluster that does not answer, or is not known, where one is read', () => {
    const far = { ...asked, index: ['far:logs-*', 'logs-*'] }
    const away = (body: object, statusCode: number) =>
      new errors.ResponseError({ statusCode, body: { error: body }, headers: {}, warnings: null, meta: {} } as never)
    const refused = {
      root_cause: [{ type: 'uncategorized_execution_exception', reason: 'Failed execution' }],
      type: 'connect_transport_exception',
      reason: '[][127.0.0.1:9300] connect_exception',
    }
    const cases: readonly [unknown, string, string][] = [
      [away(refused, 502), 'ELASTICSEARCH_REMOTE', 'the remote cluster far does not answer; check that it runs'],
      [
        answer(404, 'no_such_remote_cluster_exception', 'no such remote cluster: [far]'),
        'ELASTICSEARCH_REMOTE',
        'no such remote cluster: [far]; correct index',
      ],
      [new errors.TimeoutError('Request timed out'), 'ELASTICSEARCH_TIMEOUT', 'or the remote cluster far'],
    ]
    for (const [failure, code, words] of cases) {
      const explained = explainFailure(failure, far)
      expect(explained.code).toBe(code)
      expect(explained.message).toContain(words)
    }
    expect(explainFailure(away(refused, 502), asked).message).not.toContain('remote')
  })

  it('leaves a sentence of clawtrust as it is', () => {
    const own = new ClawtrustError('ELASTICSEARCH_PARTIAL', 'a part only')
    expect(explainFailure(own, asked)).toBe(own)
  })

  it('asks for new credentials only where they were refused', () => {
    expect(isRefusal(explainFailure(answer(401, '', ''), asked))).toBe(true)
    expect(isRefusal(explainFailure(new errors.ConnectionError('Bad response: 407'), asked))).toBe(true)
    expect(isRefusal(explainFailure(answer(429, '', ''), asked))).toBe(false)
  })

  it('is quoted in one line and not at length', () => {
    const { message } = explainFailure(answer(400, 'x', `line\n${'y'.repeat(5_000)}`), asked)
    expect(message).not.toContain('\n')
    expect(message.length).toBeLessThan(500)
  })
})
