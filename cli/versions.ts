import { Command } from 'commander'
import type { VersionAnswer, VersionsAnswer } from '../exporter/web/api/versions.ts'
import { printable } from '../service/log/one-line.ts'
import type { CliContext } from './context.ts'
import { addExporterClientOptions, askExporter, type ExporterClientOptions } from './exporter-client.ts'

interface VersionsOptions extends ExporterClientOptions {
  readonly json?: boolean
}

/** Asks the running exporter, which reads the records. */
export function versionsCommand(context: CliContext): Command {
  const command = new Command('versions')
    .description(
      'Lists the versions of OpenClaw and of guards by gateway, and redacted samples of what a version has changed in its log.',
    )
    .option('--json', 'print JSON')
  return addExporterClientOptions(command).action(async (options: VersionsOptions) => {
    const answer = await askExporter<VersionsAnswer>({ path: 'api/v1/versions' }, options, context)
    context.stdout.write(options.json === true ? `${JSON.stringify(answer, undefined, 2)}\n` : reportOf(answer))
  })
}

/** Texts of records cannot move the cursor of a terminal. */
function reportOf({ versions }: VersionsAnswer): string {
  if (versions.length === 0) return 'No version is known: no record reports one.\n'
  return `${versions.flatMap(linesOf).map(printable).join('\n')}\n`
}

function linesOf(one: VersionAnswer): readonly string[] {
  const { gateway, product, version, current, since, minutes, undecoded_minutes: undecoded } = one
  const state = one.changed ? 'its log has changed' : 'its log is as before'
  return [
    `${gateway}  ${product} ${version}${current ? ' (current)' : ''}  since ${since}  undecoded in ${undecoded} of ${minutes} minutes  ${state}`,
    ...one.new_templates.map(template => `  sample: ${template}`),
  ]
}
