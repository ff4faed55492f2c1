import { z } from 'zod'
import { path, pattern, text } from '../../../core/config/schema.ts'
import { defineSource, sourceKeys } from '../../contracts/source-kind.ts'

const schema = z
  .strictObject({
    ...sourceKeys({ type: 'file', about: 'Log files, followed as they grow and rotate.', durable: true }),
    paths: z
      .array(path())
      .min(1)
      .describe(
        'Files, or patterns with `*`, `?`, `[…]`, `{…}` and `**`; files that appear later are read from their beginning.',
      ),
    containers: text()
      .exactOptional()
      .describe(
        'Of the logs of containers that `paths` matches (Docker, podman, Kubernetes), only those of containers whose image, name or label contains this word; no other log is opened.',
      ),
    gateway: text().exactOptional().describe('The gateway of the records; without it, the gateway in the record.'),
    gateway_pattern: pattern()
      .exactOptional()
      .describe('Matches the whole path of a file; its group `(?<gateway>…)` is the name of the gateway.'),
    start_at: z
      .enum(['end', 'beginning'])
      .exactOptional()
      .describe(
        'Where counting begins in files that exist at the first start. Without it: the end for patterns, the beginning for plain paths.',
      ),
  })
  .superRefine((source, context) => {
    if (source.gateway_pattern === undefined) return
    const complain = (message: string) => context.addIssue({ code: 'custom', path: ['gateway_pattern'], message })
    if (source.gateway !== undefined) complain('conflicts with gateway; remove one of the two')
    else if (!source.gateway_pattern.source.includes('(?<gateway>')) complain('has no group (?<gateway>…); add it')
  })

export type FileSourceConfig = z.output<typeof schema>

/** Log files. */
export const fileSource = defineSource({
  type: 'file',
  durable: true,
  schema,
  backlogUnit: 'bytes',
  resolvePaths: (config, absolute) => ({ ...config, paths: config.paths.map(absolute) }),
  async create(
    { name, paths, containers, gateway_pattern, gateway = gateway_pattern, start_at },
    { clock, logger, wanted, decoding },
  ) {
    const { ContainerFilter } = await import('./containers.ts')
    const { createFileSource } = await import('./source.ts')
    const options = {
      name,
      paths,
      ...(containers === undefined ? {} : { containers: new ContainerFilter(containers) }),
      ...(gateway === undefined ? {} : { gateway }),
      ...(start_at === undefined ? {} : { startAt: start_at }),
    }
    return createFileSource(options, {
      clock,
      logger,
      decodersWanted: wanted,
      ...(decoding === undefined ? {} : { decoding }),
    })
  },
})
