import { describe, expect, it } from '@jest/globals'
import { parseConfig } from '../../../core/config/parse.ts'
import { formatProblem } from '../../../core/config/problem.ts'
import { isAuthenticated, webConfigSchema } from '../../../service/http/web-config.ts'

const HASH = `$2y$10$${'a'.repeat(53)}`

function problems(yaml: string): string[] {
  const result = parseConfig(webConfigSchema, yaml, 'web.yml')
  return result.ok ? [] : result.problems.map(formatProblem)
}

const tls = (more: string) => `tls_server_config:\n  cert_file: a\n  key_file: b\n${more}`

describe('the web configuration', () => {
  it('takes what exporter-toolkit takes', () => {
    const yaml = `${tls('  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: c\n  client_allowed_sans: [a.example]\n  min_version: TLS13\n')}
http_server_config:
  http2: true
  headers:
    Strict-Transport-Security: max-age=1
    X-Frame-Options: ""
basic_auth_users:
  alice: ${HASH}
rate_limit:
  interval: 1s
  burst: 20
`
    expect(problems(yaml)).toEqual([])
  })

  it.each([
    [
      'tls_server_config:\n  cert_fil: a\n',
      'web.yml:2: tls_server_config.cert_fil is not a known key; did you mean "cert_file"?',
    ],
    ['http_server_config:\n  headers:\n    X-Frame-Option: deny\n', 'did you mean "X-Frame-Options"?'],
    ['basic_auth_users:\n  alice: hunter2\n', 'must be a bcrypt hash'],
    [tls('  client_auth_type: VerifyClientCertIfGiven\n'), 'requires client_ca_file; set it'],
    [tls('  client_ca_file: c\n'), 'has no effect with client_auth_type NoClientCert'],
    [tls('  client_allowed_sans: [a]\n'), 'requires client_auth_type RequireAndVerifyClientCert'],
    [tls('  client_auth_type: Require\n'), 'web.yml:4: tls_server_config.client_auth_type must be'],
    [tls('  min_version: TLS10\n'), 'min_version'],
    ['http_server_config:\n  headers:\n    Strict-Transport-Security: "a\\nb"\n', 'printable text'],
  ])('refuses %j', (yaml, sentence) => {
    expect(problems(yaml).join('\n')).toContain(sentence)
  })

  it('never prints a password that was written in place of its hash', () => {
    expect(problems('basic_auth_users:\n  alice: hunter2\n').join()).not.toContain('hunter2')
  })

  it.each([
    ['', false],
    [tls(''), false],
    [tls('  client_auth_type: RequireAnyClientCert\n'), false],
    [tls('  client_auth_type: VerifyClientCertIfGiven\n  client_ca_file: c\n'), false],
    [tls('  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: c\n'), true],
    [`basic_auth_users:\n  alice: ${HASH}\n`, true],
  ])('of %j asks everybody who they are: %s', (yaml, authenticated) => {
    const result = parseConfig(webConfigSchema, yaml, 'web.yml')
    expect(result.ok && isAuthenticated(result.config)).toBe(authenticated)
  })
})
