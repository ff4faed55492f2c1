import type { JsonLineEnvelope } from './line-envelope.ts'

/**
 * An entry of systemd's journal in its export fields (systemd.journal-fields(7)). Names that begin with an underscore are
 * set by the journal, never by the program that writes; `CONTAINER_…` are set by Docker's logging driver `journald`. A
 * message that is not printable UTF-8 is a list of its bytes.
 */
export const journald: JsonLineEnvelope = {
  name: 'journald',
  marks: [{ path: '__REALTIME_TIMESTAMP' }, { path: '_HOSTNAME' }],
  programs: ['_SYSTEMD_UNIT', '_SYSTEMD_USER_UNIT', 'CONTAINER_NAME', 'CONTAINER_TAG', 'SYSLOG_IDENTIFIER'],
  record: { raw: 'MESSAGE' },
  documentation: {
    writtenBy: "entries of systemd's journal with its own field names, as `journalctl -o json` writes them",
  },
}
