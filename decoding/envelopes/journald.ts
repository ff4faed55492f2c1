import type { JsonLineEnvelope, PartFields } from './line-envelope.ts'

/**
 * How a line of a program becomes several entries: the journal itself splits a line above `LineMax` (journald.conf(5)),
 * Docker's logging driver `journald` one above 16 KiB.
 */
export const journaldParts: readonly PartFields[] = [
  { stream: '_STREAM_ID', continued: { path: '_LINE_BREAK', value: 'line-max' } },
  { stream: 'CONTAINER_PARTIAL_ID', continued: { path: 'CONTAINER_PARTIAL_MESSAGE', value: 'true' } },
]

/**
 * An entry of systemd's journal in its export fields (systemd.journal-fields(7)). Names that begin with an underscore are
 * set by the journal, never by the program that writes; `CONTAINER_…` are set by Docker's logging driver `journald`. A
 * message that is not printable UTF-8 is a list of its bytes; one of 4,096 bytes or more is null, unless journalctl was
 * asked for `--all`.
 */
export const journald: JsonLineEnvelope = {
  name: 'journald',
  marks: [{ path: '__REALTIME_TIMESTAMP' }, { path: '_HOSTNAME' }],
  programs: ['_SYSTEMD_UNIT', '_SYSTEMD_USER_UNIT', 'CONTAINER_NAME', 'CONTAINER_TAG', 'SYSLOG_IDENTIFIER'],
  // Any program may name itself `kernel`; how an entry came into the journal is said by the journal.
  kernel: { path: '_TRANSPORT', value: 'kernel' },
  record: { raw: 'MESSAGE' },
  time: { path: '__REALTIME_TIMESTAMP', unit: 'microseconds' },
  leavesOut: true,
  parts: journaldParts,
  documentation: {
    writtenBy:
      "entries of systemd's journal with its own field names, as `journalctl -o json` and `journalctl -o export` write them",
  },
}
