import { Command, Option } from 'commander'
import { ClawtrustError } from '../core/errors.ts'
import { written } from '../elastic/call.ts'
import { explainRefusal } from '../elastic/refusal.ts'
import { setupCalls } from '../elastic/setup.ts'
import type { CliContext } from './context.ts'
import { type Credentials, credentialOptions } from './elastic-credentials.ts'
import { requiredConfigFileOption, type ServiceOptions } from './options.ts'

type SetupOptions = ServiceOptions &
  Credentials & { readonly apply?: boolean; readonly plain?: boolean; readonly roles: boolean }

export function elasticSetupCommand(context: CliContext): Command {
  const command = new Command('setup')
    .summary('prints or sends the setup calls for Elasticsearch')
    .description(
      'Prints the calls for index template, ingest pipeline, lifecycle policy and roles, for the console of Kibana.\n' +
        'With --apply, sends them to the cluster of a configured source.',
    )
    .addOption(requiredConfigFileOption())
    .addOption(new Option('--apply', 'send the calls; requires privileges to manage templates and roles'))
    .addOption(new Option('--plain', 'for servers without data streams, lifecycle policies and ingest pipelines'))
    .addOption(new Option('--no-roles', 'omit the roles, if security is disabled or roles are managed elsewhere'))
  for (const option of credentialOptions()) command.addOption(option)
  return command.action(async (options: SetupOptions) => {
    const calls = setupCalls({ plain: options.plain ?? false, roles: options.roles })
    if (options.apply !== true) {
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
