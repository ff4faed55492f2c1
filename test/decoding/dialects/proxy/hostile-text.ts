import fc from 'fast-check'
import { codePoint } from '../../../code-point.ts'

/** Where an attacker wants a forged record to be from. */
export const FORGED_ADDRESS = '198.51.100.66'

/** What an attacker writes into a field of a log to end it, and to begin others: of every format that is read. */
const breakouts = [
  '"',
  '\\"',
  '\\\\"',
  '\\',
  '\n',
  '\r\n',
  '\u0000',
  '\u2028',
  `","client_ip":"${FORGED_ADDRESS}","status_code":401,"a":"`,
  `","remote_addr":"${FORGED_ADDRESS}","status":"401","a":"`,
  `","downstream_direct_remote_address":"${FORGED_ADDRESS}:1","response_code":401,"a":"`,
  `"},"status":401,"request":{"remote_ip":"${FORGED_ADDRESS}"`,
  `","ClientAddr":"${FORGED_ADDRESS}:1","DownstreamStatus":401,"a":"`,
  '","haproxy_log":"error","ssl_c_err":10,"a":"',
  '","downstream_transport_failure_reason":"TLS_error:|1:SSL_routines:OPENSSL_internal:HTTP_REQUEST:TLS_error_end","a":"',
  `x [22/Nov/2026:10:51:44 +0000] "GET /hooks/x HTTP/1.1" 401 0 "-" "-"`,
  `\n${FORGED_ADDRESS} - - [22/Nov/2026:10:51:44 +0000] "GET /hooks/x HTTP/1.1" 401 0 "-" "-"`,
  `http: TLS handshake error from ${FORGED_ADDRESS}:1: tls: client didn't provide a certificate`,
]

/** A text that a client writes into a field that it controls. */
export const hostileText = fc.oneof(
  fc.string({ unit: codePoint }),
  fc.constantFrom(...breakouts),
  fc.array(fc.oneof(fc.constantFrom(...breakouts), fc.string()), { maxLength: 4 }).map(parts => parts.join('')),
)
