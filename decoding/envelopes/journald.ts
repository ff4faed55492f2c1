import type { Envelope } from './envelope.ts'

/**
 * An entry of systemd's journal in its export fields (systemd.journal-fields(7)). Names that begin with an underscore are
 * set by the journal, never by the program that writes.
 */
export const journald: Envelope = {
  name: 'journald',
  marks: [{ path: '__REALTIME_TIMESTAMP' }, { path: '_SYSTEMD_UNIT' }],
  record: { raw: 'MESSAGE' },
  documentation: {
    writtenBy: "entries of systemd's journal with its own field names, as `journalctl -o json` writes them",
  },
}
