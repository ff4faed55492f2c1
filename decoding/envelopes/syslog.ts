import type { HeaderGroups, TextLineEnvelope } from './line-envelope.ts'
import { areOfKnownProgram, KNOWN_PROGRAMS } from './programs.ts'

const isOpened = (tag: string): boolean => areOfKnownProgram([tag])

/**
 * The kernel has the facility `kern`, which a priority below 8 says where it is written, and no process. The tag alone
 * can be chosen by every process of the machine.
 */
const isOfKernel = ({ program, process, priority }: HeaderGroups): boolean =>
  program === 'kernel' && process === undefined && (priority === undefined || Number(priority) < 8)

/** Syslog headers. Any program may write into the same file, so that the tag of the program decides. */
export const syslog: readonly TextLineEnvelope[] = [
  {
    /**
     * RFC 3164, as rsyslog, syslog-ng and `journalctl` write it: a priority on the wire, the time, the host and the tag.
     * The time is that of RFC 3164, also with the year, that of RFC 3339, or that of `short-full`, `short-unix`,
     * `short-monotonic` or `short-delta`.
     */
    name: 'syslog',
    header:
      /^(?:<(?<priority>\d{1,3})>)?(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,9})?|(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d))|[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})? [A-Z\d+-]{1,8}|\d{9,11}\.\d{6}|\[ {0,12}\d{1,12}\.\d{6}(?: {16}| < {0,12}\d{1,12}\.\d{6} >)?\]) [^\s:]{1,255} (?<program>[\w.@/-]{1,128})(?:\[(?<process>\d{1,10})\])?: /,
    isOpened,
    isOfKernel,
    // journalctl writes the size of a message that is not printable, unless it was asked for `--all`.
    leftOut: { record: /^\[\d{1,5}(?:\.\d)?[BKMGT] blob data\]$/, end: ' blob data]' },
    documentation: {
      writtenBy: `syslog files (RFC 3164) and \`journalctl -o short\` and its like (\`short-precise\`, \`short-iso\`, \`short-full\`, \`short-unix\`, \`short-monotonic\`, \`short-delta\`, \`with-unit\`), where the tag or unit contains ${KNOWN_PROGRAMS}, or is \`node\` or \`kernel\``,
    },
  },
  {
    /** RFC 5424, 6: priority and version, time, host, program, process, message id and structured data. */
    name: 'syslog-rfc5424',
    header:
      /^<(?<priority>\d{1,3})>1 (?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) [!-~]{1,255} (?<program>[!-~]{1,128}) (?:-|(?<process>[!-~]{1,128})) [!-~]{1,128} (?:-|(?:\[(?:[^\\\]]|\\.){1,512}\]){1,8}) \ufeff?/,
    isOpened,
    isOfKernel,
    documentation: {
      writtenBy:
        "syslog in the format of RFC 5424, as of Docker's logging driver `syslog` with `syslog-format=rfc5424`, with the same tags",
    },
  },
]
