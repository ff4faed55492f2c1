import type { TextLineEnvelope } from './line-envelope.ts'

/**
 * `dmesg --decode --time-format iso`: facility and level, the time, and the message. A program of root that writes into
 * /dev/kmsg has another facility than `kern`.
 */
export const dmesg: TextLineEnvelope = {
  name: 'dmesg',
  header: /^kern {2}:[a-z]{3,6} {0,3}: (?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d,\d{1,9}(?:Z|[+-]\d\d:\d\d)) /,
  isOfKernel: () => true,
  documentation: { writtenBy: 'messages of the kernel, as `dmesg --decode --time-format iso --follow` writes them' },
}
