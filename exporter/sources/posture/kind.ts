import { z } from 'zod'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { byteSize, duration, path, text } from '../../../core/config/schema.ts'
import { sleepUntilAborted } from '../../../service/event-loop/sleep.ts'
import type { SourceStart } from '../../contracts/source.ts'
import { defineSource, sourceKeys } from '../../contracts/source-kind.ts'

const schema = z
  .strictObject({
    ...sourceKeys({
      type: 'posture',
      about: 'Snapshots of posture, such as the output of `openclaw security audit --json`.',
      durable: true,
    }),
    command: z
      .array(text())
      .min(1)
      .exactOptional()
      .describe(
        'The program and its arguments, without a shell, such as `[openclaw, security, audit, --json]`; it runs as the user of the exporter. Its standard output is read.',
      ),
    path: path()
      .exactOptional()
      .describe(
        'Instead of a command: a file, or a folder of files, that another scheduler writes; one snapshot each.',
      ),
    gateway: text().exactOptional().describe('The gateway of the records; without it, the gateway in the record.'),
    interval: duration(MINUTE_MS, 7 * DAY_MS)
      .prefault('1h')
      .describe('Time from one run of the command to the next.'),
    timeout: duration(1_000, HOUR_MS).prefault('2m').describe('Time after which a run is ended.'),
    max_output: byteSize().prefault('4MiB').describe('Maximum size of an output or a file; a larger one is not read.'),
    environment: z
      .record(z.string(), text())
      .prefault({})
      .describe(
        'Environment of the command, such as `OPENCLAW_STATE_DIR`. Of that of the exporter it has `PATH` and `HOME` only.',
      ),
  })
  .superRefine(({ command, path }, context) => {
    const complain = (message: string) => context.addIssue({ code: 'custom', path: ['command'], message })
    if (command === undefined && path === undefined) complain('is missing; give a command or a path')
    if (command !== undefined && path !== undefined) complain('conflicts with path; remove one of the two')
  })

const AS_ROOT =
  'The command runs as root; run the exporter as a user that may read the configuration of OpenClaw and nothing else.'

/** Snapshots of posture. */
export const postureSource = defineSource({
  type: 'posture',
  durable: true,
  schema,
  signals: ['posture_drifts'],
  backlogUnit: 'records',
  resolvePaths: ({ path, ...config }, absolute) => (path === undefined ? config : { ...config, path: absolute(path) }),
  async create(
    { name, command, path = '', gateway, interval, timeout, max_output: maxOutput, environment },
    { clock, logger, sleep = sleepUntilAborted },
  ) {
    const { CommandInput } = await import('./command-input.ts')
    const { FileInput } = await import('./file-input.ts')
    const { createPostureSource } = await import('./source.ts')
    const { PATH = '/usr/local/bin:/usr/bin:/bin', HOME = '/' } = process.env
    const given = { PATH, HOME, NO_COLOR: '1', ...environment }
    const options = {
      name,
      ...(gateway === undefined ? {} : { gateway }),
      notices: command !== undefined && process.getuid?.() === 0 ? [AS_ROOT] : [],
      input: (cursor: SourceStart['cursor']) =>
        command === undefined
          ? new FileInput({ path, maxBytes: maxOutput, clock }, cursor)
          : new CommandInput({ command, interval, timeout, maxOutput, environment: given, clock }, cursor),
    }
    return createPostureSource(options, { clock, logger, sleep })
  },
})
