import type { TextLineEnvelope } from './line-envelope.ts'

/**
 * A syslog header as rsyslog, syslog-ng and `journalctl -o short` or `short-iso` write it: a priority on the wire, the
 * time, the host and the tag of the program. Any program may write into the same file, so the tag is a mark: that of a
 * gateway (`openclaw…`, or `node` where a unit starts it) or of nginx.
 */
export const syslog: TextLineEnvelope = {
  name: 'syslog',
  header:
    /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)) [^\s:]{1,255} (?:openclaw[\w.@-]{0,64}|node|nginx)(?:\[\d{1,10}\])?: /,
  documentation: {
    writtenBy: 'syslog files and `journalctl -o short` or `short-iso`, where the tag is `openclaw…`, `node` or `nginx`',
  },
}
