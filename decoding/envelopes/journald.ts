import type { JsonLineEnvelope } from './line-envelope.ts'

/**
 * An entry of systemd's journal in its export fields (systemd.journal-fields(7)). Names that begin with an underscore are
 * set by the journal, never by the program that writes. A message that is not printable UTF-8 is a list of its bytes.
 */
export const journald: JsonLineEnvelope = {
  name: 'journald',
  marks: [{ path: '__REALTIME_TIMESTAMP' }, { path: '_HOSTNAME' }],
  record: { raw: 'MESSAGE' },
  documentation: {
    writtenBy: "entries of systemd's journal with its own field names, as `journalctl -o json` writes them",
  },
}
