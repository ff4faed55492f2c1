import { z } from 'zod'
import { elasticsearchConnectionKeys, refuseContradictions } from '../../core/config/elasticsearch.ts'
import { hostAndPort, parsed, path, text } from '../../core/config/schema.ts'
import { refuseBothSecretKeys, secretKeys } from '../../core/config/secret-keys.ts'
import { destinationKeys, requestKeys } from '../../service/delivery/config.ts'
import { reportTemplates } from '../../service/delivery/templates/names.ts'
import { isLoopback } from '../../service/http/listen-address.ts'

const mailAddress = () =>
  parsed({ expects: 'a mail address such as security@example.org', placeholder: '<address>' }, value =>
    /^[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*$/.test(value) ? value : undefined,
  )

const indexName = () =>
  parsed({ expects: 'the name of an index or data stream such as clawtrust-reports', placeholder: '<index>' }, value =>
    /^[a-z0-9][a-z0-9._-]{0,200}$/.test(value) ? value : undefined,
  )

const redacted = (byDefault: boolean) =>
  z
    .boolean()
    .prefault(byDefault)
    .describe('Whether addresses, names, results and samples are replaced: for readers outside.')

const { name, timeout, give_up_after } = destinationKeys

const folderSchema = z.strictObject({
  type: z.literal('folder').describe('Copies the report into another folder, such as a share.'),
  name,
  path: path().describe('The folder; each report gets one of its own in it.'),
  redact: redacted(false),
  give_up_after,
})

const indexSchema = z
  .strictObject({
    type: z.literal('elasticsearch').describe('Writes one document for each control, and one for the report.'),
    name,
    index: indexName().prefault('clawtrust-reports').describe('An index or data stream; documents are only created.'),
    redact: redacted(false),
    ...elasticsearchConnectionKeys,
    give_up_after,
  })
  .superRefine(refuseContradictions)

const emailSchema = z
  .strictObject({
    type: z.literal('email').describe('Sends a mail.'),
    name,
    server: hostAndPort().describe('The mail server: `smtp.example.org:587`.'),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .prefault('starttls')
      .describe(
        '`starttls` is required after the greeting; `implicit` is TLS from the first byte (port 465); `none` is for a server of the same host.',
      ),
    ca_file: path()
      .exactOptional()
      .describe("PEM file of the authority that signed the server's certificate; without it, those of Node.js."),
    username: text().exactOptional().describe('A user, where the server asks for one.'),
    ...secretKeys('password', "The user's password."),
    from: mailAddress().describe('Sender.'),
    to: z.array(mailAddress()).min(1).max(50).describe('Recipients.'),
    attach: z
      .array(z.enum(['report.pdf', 'report.html', 'report.json', 'controls.csv']))
      .prefault(['report.pdf'])
      .describe('Files that are attached, where the report has them.'),
    redact: redacted(true),
    timeout,
    give_up_after,
  })
  .superRefine(refuseBothSecretKeys('password'))
  .superRefine(({ username, password, password_file }, context) => {
    const hasPassword = password !== undefined || password_file !== undefined
    if ((username !== undefined) === hasPassword) return
    const missing = hasPassword ? 'username' : 'password'
    context.addIssue({ code: 'custom', path: [missing], message: 'is missing; user and password belong together' })
  })
  .superRefine(({ tls, username, server }, context) => {
    if (tls !== 'none' || username === undefined || isLoopback(server.host)) return
    const message =
      'is none, and the password would be sent to another host without encryption; set starttls or implicit'
    context.addIssue({ code: 'custom', path: ['tls'], message })
  })

const requestSchema = z
  .strictObject({
    type: z.literal('request').describe('Sends what the report says in a few figures, as an HTTP request.'),
    ...requestKeys(reportTemplates),
    redact: redacted(true),
  })
  .superRefine(refuseBothSecretKeys('url'))
  .superRefine(refuseBothSecretKeys('token'))

/** One entry of `compliance.destinations`. */
export const reportDestinationSchema = z.discriminatedUnion('type', [
  folderSchema,
  indexSchema,
  emailSchema,
  requestSchema,
])
export type ReportDestination = z.output<typeof reportDestinationSchema>
