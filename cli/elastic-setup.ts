import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { ClawtrustError } from '../core/errors.ts'
import { written } from '../elastic/call.ts'
import { explainRefusal } from '../elastic/refusal.ts'
import { setupCalls, type UserPasswords, userCalls } from '../elastic/setup.ts'
import { names } from '../elastic/templates/names.ts'
import { readSecret } from '../service/secrets/read-secret.ts'
import type { CliContext } from './context.ts'
import { type Credentials, credentialOptions } from './elastic-credentials.ts'
import { requiredConfigFileOption, type ServiceOptions } from './options.ts'

type SetupOptions = ServiceOptions &
  Credentials & {
    readonly apply?: boolean
    readonly plain?: boolean
    readonly roles: boolean
    readonly readerPasswordFile?: string
    readonly shipperPasswordFile?: string
  }

export function elasticSetupCommand(context: CliContext): Command {
  const command = new Command('setup')
    .description(
      'Prints the calls for index template, ingest pipeline, lifecycle policy and roles, for the console of Kibana.\n' +
        'With --apply, sends them to the cluster of a configured source.',
    )
    .addOption(requiredConfigFileOption())
    .addOption(new Option('--apply', 'send the calls; requires privileges to manage templates and roles'))
    .addOption(new Option('--plain', 'for servers without data streams, lifecycle policies and ingest pipelines'))
    .addOption(new Option('--no-roles', 'omit the roles, if security is disabled or roles are managed elsewhere'))
    .addOption(
      new Option(
        '--reader-password-file <path>',
        `write the user ${names.readerUser}, who reads the logs, with the password in this file`,
      ),
    )
    .addOption(
      new Option(
        '--shipper-password-file <path>',
        `write the user ${names.writerUser}, who writes the logs, with the password in this file`,
      ),
    )
  for (const option of credentialOptions()) command.addOption(option)
  return command.action(async (options: SetupOptions) => {
    const users = await passwords(context.folder, options)
    const calls = [...setupCalls({ plain: options.plain ?? false, roles: options.roles }), ...userCalls(users)]
    if (options.apply !== true) {
      if (Object.values(users).some(password => password !== undefined))
        throw new ClawtrustError('USAGE', 'passwords are sent to Elasticsearch and never printed; add --apply')
      context.stdout.write(calls.map(written).join('\n'))
      return
    }
    const { openElasticsearch } = await import('./elastic-server.ts')
    const server = await openElasticsearch(context.folder, options)
    try {
      for (const call of calls) {
        const answer = await server.ask(call)
        if (answer.status >= 300) throw new ClawtrustError('ELASTICSEARCH_SETUP', explainRefusal(call, answer))
        context.stdout.write(`${call.method} ${call.path}: ok\n`)
      }
    } finally {
      await server.close()
    }
  })
}

/** The passwords of the users to write. @throws ClawtrustError SECRET_UNREADABLE */
async function passwords(
  folder: string,
  { readerPasswordFile, shipperPasswordFile }: SetupOptions,
): Promise<UserPasswords> {
  const read = async (option: string, path: string | undefined) =>
    path === undefined ? undefined : readSecret(option, { file: resolve(folder, path) }, {})
  return {
    reader: await read('--reader-password', readerPasswordFile),
    shipper: await read('--shipper-password', shipperPasswordFile),
  }
}
