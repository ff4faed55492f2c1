import { resolve } from 'node:path'
import { z } from 'zod'
import { parsed, text } from '../../core/config/schema.ts'
import { refuseBothSecretKeys, secretKeys } from '../../core/config/secret-keys.ts'

const HOST_NAME = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?$/i

const hostName = () =>
  parsed({ expects: 'a host name without scheme and port, such as clawtrust.example', placeholder: '<host>' }, value =>
    HOST_NAME.test(value) && value.length <= 253 ? value : undefined,
  )

/** What a client may do. */
export const roles = ['scrape', 'view', 'deliver', 'command'] as const
export type Role = (typeof roles)[number]

const holders = (right: string) =>
  z
    .strictObject({
      users: z.array(text()).prefault([]).describe('Users of the web configuration file.'),
      certificates: z
        .array(text())
        .prefault([])
        .describe('Subject alternative names of client certificates that the web configuration file verifies.'),
      ...secretKeys('bearer_token', 'Token that clients send as `Authorization: Bearer`, in place of a user.'),
      anyone: z
        .boolean()
        .prefault(false)
        .describe('True for every client that the web configuration file and `allowed_hosts` admit.'),
    })
    .superRefine(refuseBothSecretKeys('bearer_token'))
    .prefault({})
    .describe(right)

const rolesSchema = z.strictObject({
  scrape: holders('Reads `/metrics`.'),
  view: holders('Reads the page, explanations, runbooks and the state of the breaker.'),
  deliver: holders(
    'Delivers alerts, besides the credentials of `remediation.webhook`, and log records to a source of type `otlp`.',
  ),
  command: holders(
    'Approves, rejects, unblocks, replays, resets the breaker, reloads and gives feedback, besides the token of `remediation.operator`.',
  ),
} satisfies Record<Role, unknown>)

/** Section `web`: access to both services, beside the web configuration file. */
export const webSchema = z
  .strictObject({
    allowed_hosts: z
      .array(hostName())
      .prefault([])
      .describe(
        'Names of the services that requests without authentication may use as `Host`, besides IP addresses, `localhost`, the listen address, the name of the machine and the host of `remediation.external_url`; others are answered 421.',
      ),
    roles: rolesSchema
      .optional()
      .describe(
        'Who may do what. Without it, every client that is admitted may do everything; with it, a right without a holder is refused. `/-/healthy`, `/-/ready` and signed approval links need no role.',
      ),
  })
  .prefault({})
  .describe('Access to both services, in addition to their web configuration files.')

export type WebSection = z.output<typeof webSchema>

/** The same section with relative paths of token files taken from this folder. */
export function resolveWebPaths(web: WebSection, folder: string): WebSection {
  if (web.roles === undefined) return web
  const entries = Object.entries(web.roles).map(([role, { bearer_token_file: file, ...holders }]) => [
    role,
    { ...holders, ...(file === undefined ? {} : { bearer_token_file: resolve(folder, file) }) },
  ])
  return { ...web, roles: Object.fromEntries(entries) }
}
