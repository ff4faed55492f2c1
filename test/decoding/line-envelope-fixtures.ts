/**
 * The line that each envelope's writer makes of a line, by the name of the envelope: laid out by the writers'
 * documentation.
 */
export const lineEnvelopeFixtures: Readonly<Record<string, (line: string) => string>> = {
  'docker-json-file': line =>
    JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2026-11-28T15:48:11.007123456Z' }),
  journald: line =>
    JSON.stringify({
      __CURSOR: 's=1',
      __REALTIME_TIMESTAMP: '1795880891007112',
      _HOSTNAME: 'gw',
      _SYSTEMD_USER_UNIT: 'openclaw-gateway.service',
      PRIORITY: '6',
      MESSAGE: line,
    }),
  'openclaw-logs': line =>
    JSON.stringify({
      type: 'log',
      time: '2026-11-28T15:48:11.007Z',
      level: 'warn',
      subsystem: 'gateway/ws',
      message: 'a summary',
      raw: line,
    }),
  cri: line => `2026-11-28T15:48:11.007123456Z stdout F ${line}`,
  compose: line => `openclaw-gateway-1  | ${line}`,
  syslog: line => `Nov 28 15:48:11 gw openclaw-gateway[4711]: ${line}`,
}
