import type { EpochMs } from '../../../core/clock.ts'
import type { Decoding } from '../../toolkit/record.ts'
import type { TextLineDialect } from '../dialect.ts'
import { proxyClaim } from '../proxy/claim.ts'
import { failedHandshake, reasonOfAlert } from '../proxy/handshake.ts'
import { errorLogSetup, nginxFootprint } from './setup.ts'

const MESSAGE = 'SSL_do_handshake() failed'

/** What begins every line: time, level, process and thread, and mostly the number of the connection. */
const ERROR_LOG_LINE = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\w{1,8}\] \d{1,10}#\d{1,20}: (?:\*\d{1,20} )?/

/** Anchored at the beginning, which nginx itself writes: in other messages, the text of a request comes later. */
const HANDSHAKE =
  /^[\d/ :]{19} \[\w{1,8}\] [\d#]{3,32}: (?:\*\d{1,20} )?SSL_do_handshake\(\) failed \(SSL: (.{0,512}?)\) while SSL handshaking, client: ([^,\s]{1,64}), server: /

/** A handshake of nginx with a server behind it. */
const UPSTREAM = ' while SSL handshaking to upstream,'

/**
 * nginx's error log at level `info`: only handshakes that failed are counted, because all other failures are in the
 * access log too and would count twice. The log has local time without an offset: it is read in the zone of this process
 * (variable `TZ`).
 */
export const nginxErrorDialect: TextLineDialect = {
  name: 'nginx-error',
  format: 'text-line',
  prefilter: [MESSAGE],
  sourceFields: [],
  signals: ['mtls_handshake_failures'],
  observer: 'proxy',
  footprint: { ...nginxFootprint, marker: '.log info;' },
  recognises: line => ERROR_LOG_LINE.test(line),
  decode,
  documentation: {
    reads: "nginx's error log at level `info`: only handshakes that failed",
    samples: { kind: 'captured', from: 'nginx 1.22.1', test: 'test/stack/nginx.test.ts' },
    setup: errorLogSetup,
    rules: [
      "nginx's error log has local time without an offset: it is read in the zone of the exporter (variable `TZ`).",
      "Other lines of nginx's error log are of no signal, whatever a client has written into them; a failed handshake in an unknown form is undecoded.",
    ],
  },
}

function decode(line: string): Decoding {
  const time = localTime(line.slice(0, TIME_LENGTH).split(/\D/).map(Number))
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const found = HANDSHAKE.exec(line)
  if (found === null) return otherMessage(line, time)
  const [, cause = '', peerAddress = ''] = found
  return proxyClaim(failedHandshake('nginx', reasonOfAlert(cause)), { proxy: 'nginx', time, peerAddress })
}

/** A failed handshake of a client in another form is no message without a signal. */
function otherMessage(line: string, time: EpochMs): Decoding {
  const message = line.replace(ERROR_LOG_LINE, '')
  return message.startsWith(MESSAGE) && !message.includes(UPSTREAM)
    ? { kind: 'undecoded', time, reason: 'unknown_template' }
    : { kind: 'no_signal', time, template: 'nginx-message' }
}

const TIME_LENGTH = 'yyyy/mm/dd hh:mm:ss'.length

function localTime([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly number[]):
  | EpochMs
  | undefined {
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined
  return new Date(year, month - 1, day, hour, minute, second).getTime()
}
