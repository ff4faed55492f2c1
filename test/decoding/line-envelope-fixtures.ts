type Wrap = (line: string) => string

/** An entry of the journal as `journalctl -o json` writes it, of a program that these fields name. */
export function journalEntry(program: Readonly<Record<string, string>>, line: string): string {
  const entry = { __CURSOR: 's=1', __REALTIME_TIMESTAMP: '1795880891007112', _HOSTNAME: 'gw', PRIORITY: '6' }
  return JSON.stringify({ ...entry, ...program, MESSAGE: line })
}

const journal =
  (program: Readonly<Record<string, string>>): Wrap =>
  line =>
    journalEntry(program, line)

/**
 * The lines that each envelope's writer makes of a line, in each of its forms, by the name of the envelope: laid out by
 * the writers' documentation.
 */
export const envelopesOfPrograms: Readonly<Record<string, readonly Wrap[]>> = {
  'docker-json-file': [
    line => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2026-11-28T15:48:11.007123456Z' }),
    line =>
      JSON.stringify({ log: `${line}\n`, stream: 'stderr', attrs: { tag: 'gw' }, time: '2026-11-28T15:48:11.007Z' }),
  ],
  journald: [
    journal({ _SYSTEMD_UNIT: 'user@1000.service', _SYSTEMD_USER_UNIT: 'openclaw-gateway.service' }),
    journal({ _SYSTEMD_UNIT: 'openclaw.service', SYSLOG_IDENTIFIER: 'node' }),
    journal({ _SYSTEMD_UNIT: 'session-3.scope', SYSLOG_IDENTIFIER: 'openclaw' }),
    journal({
      _SYSTEMD_UNIT: 'docker.service',
      CONTAINER_NAME: 'home_openclaw-gateway_1',
      CONTAINER_TAG: '0a1b2c3d4e5f',
    }),
    journal({ SYSLOG_IDENTIFIER: 'node' }),
    journal({ _SYSTEMD_UNIT: 'nginx.service', SYSLOG_IDENTIFIER: 'nginx' }),
  ],
  'openclaw-logs': [
    line =>
      JSON.stringify({
        type: 'log',
        time: '2026-11-28T15:48:11.007Z',
        level: 'warn',
        subsystem: 'gateway/ws',
        message: 'a summary',
        raw: line,
      }),
  ],
  cri: [
    line => `2026-11-28T15:48:11.007123456Z stdout F ${line}`,
    line => `2026-11-28T16:48:11.007123456+01:00 stderr F ${line}`,
  ],
  compose: [
    line => `openclaw-gateway-1  | ${line}`,
    line => `nginx-1             | ${line}`,
    line => `openclaw-gateway-1  | 2026-11-28T15:48:11.007123456Z ${line}`,
    line => `\u001b[36mopenclaw-gateway-1  | \u001b[0m${line}`,
    line => `\u001b[36mopenclaw-gateway-1  | \u001b[0m2026-11-28T15:48:11.007123456Z ${line}`,
    line => `\u001b[36;1mopenclaw_1      |\u001b[0m ${line}`,
    line => `openclaw_gateway.1.k3j2h1g4f5d6@node-1    | ${line}`,
    line => `[openclaw-gateway]    | ${line}`,
  ],
  'nemoclaw-gateway': [line => `[gateway] ${line}`],
  'openshell-logs': [
    line => `[1775016253.058] [sandbox] [OCSF ] [ocsf] ${line}`,
    line => `[1775016253.058] [gateway] [OCSF] [ocsf] ${line}`,
  ],
  syslog: [
    line => `Nov 28 15:48:11 gw openclaw-gateway[4711]: ${line}`,
    line => `Nov  8 15:48:11 gw node[4711]: ${line}`,
    line => `Nov 28 15:48:11.007112 gw openclaw[4711]: ${line}`,
    line => `2026-11-28T15:48:11+0000 gw openclaw[4711]: ${line}`,
    line => `2026-11-28T15:48:11.007112+0000 gw openclaw[4711]: ${line}`,
    line => `2026-11-28T15:48:11.007112+00:00 gw nginx: ${line}`,
    line => `<30>Nov 28 15:48:11 gw docker/openclaw[4711]: ${line}`,
    line => `Nov 28 15:48:11 gw openclaw/0a1b2c3d4e5f[4711]: ${line}`,
    line => `Nov 28 2026 15:48:11 gw openclaw[4711]: ${line}`,
    line => `Sat 2026-11-28 15:48:11 UTC gw openclaw[4711]: ${line}`,
    line => `Sat 2026-11-28 15:48:11 +0530 gw user@1000.service/openclaw-gateway.service[4711]: ${line}`,
    line => `1795880891.007112 gw openclaw[4711]: ${line}`,
    line => `[ 1234.567890] gw openclaw[4711]: ${line}`,
    line => `[ 1234.567890 <    0.000000 >] gw openclaw[4711]: ${line}`,
  ],
  'syslog-rfc5424': [
    line => `<30>1 2026-11-28T15:48:11Z gw docker/openclaw 4711 docker/openclaw - ${line}`,
    line => `<30>1 2026-11-28T15:48:11.007112+00:00 gw node 4711 - - ${line}`,
    line => `<165>1 2026-11-28T15:48:11.007Z gw.example nginx - ID47 [a@32473 b="1\\] {" c=""][d@32473] \ufeff${line}`,
  ],
}

/** And those that hold messages of the kernel alone. */
export const lineEnvelopeFixtures: Readonly<Record<string, readonly Wrap[]>> = {
  ...envelopesOfPrograms,
  dmesg: [
    line => `kern  :warn  : 2026-11-28T15:48:11,007112+00:00 ${line}`,
    line => `kern  :notice: 2026-11-28T16:48:11,007112+01:00 ${line}`,
  ],
}
