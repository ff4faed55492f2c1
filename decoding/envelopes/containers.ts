import type { JsonLineEnvelope, TextLineEnvelope } from './line-envelope.ts'
import { isKnownProgram, KNOWN_PROGRAMS } from './programs.ts'

/** A line of Docker's default logging driver (`/var/lib/docker/containers/ID/ID-json.log`): the text with its newline. */
export const dockerJsonFile: JsonLineEnvelope = {
  name: 'docker-json-file',
  marks: [{ path: 'stream' }, { path: 'time' }],
  record: { raw: 'log' },
  time: { path: 'time', unit: 'iso' },
  onlyFields: ['log', 'stream', 'attrs', 'time'],
  endsWithNewline: true,
  documentation: { writtenBy: "Docker's logging driver `json-file` (`/var/lib/docker/containers/*/*-json.log`)" },
}

/** A line of a log file of a Kubernetes node: time, stream and a tag, by the Container Runtime Interface. */
export const cri: TextLineEnvelope = {
  name: 'cri',
  header:
    /^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (?:stdout|stderr) [FP](?::[A-Za-z:]{1,32})? /,
  partHeader: /^\S{20,40} (?:stdout|stderr) P/,
  documentation: { writtenBy: 'containerd and CRI-O (`/var/log/pods/**/*.log`)' },
}

/**
 * `docker compose logs`, `docker service logs` and `podman-compose`: the name of the service, task or container before
 * each line, in colours if they are asked for, and the time with `-t`. The name of a task is followed by that of its node,
 * which says nothing about the program. A prompt of a terminal looks alike.
 */
export const compose: TextLineEnvelope = {
  name: 'compose',
  header:
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal
    /^(?:\x1b\[[\d;]{1,16}m)?\[?(?<program>[A-Za-z0-9][A-Za-z0-9_.-]{0,127})(?:@[A-Za-z0-9_.-]{1,128}|\])? {1,64}\|(?:\x1b\[0?m)? (?:\x1b\[0?m)?/,
  isBeforeRecords: true,
  takenAt: /^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) /,
  isOpened: isKnownProgram,
  documentation: {
    writtenBy: `the output of \`docker compose logs\`, also with \`-t\` and in colours, of \`docker service logs\` and of \`podman-compose\`, of services whose name contains ${KNOWN_PROGRAMS}`,
  },
}
