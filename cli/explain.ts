import { Command } from 'commander'
import type { ExplainAnswer } from '../exporter/web/api/explain.ts'
import type { CliContext } from './context.ts'
import { explainReport } from './explain-report.ts'
import { addExporterClientOptions, askExporter, type ExporterClientOptions } from './exporter-client.ts'

interface ExplainOptions extends ExporterClientOptions {
  readonly gateway?: string
  readonly at?: string
  readonly json?: boolean
}

/** Asks the running exporter, because only its process holds the scorers. */
export function explainCommand(context: CliContext): Command {
  const command = new Command('explain')
    .description(
      'Asks the running exporter to explain the score of a signal in a trust zone, and plots the preceding minutes.',
    )
    .argument('<signal>', 'the signal, for instance auth_failures')
    .argument('<zone>', 'the trust zone')
    .option('--gateway <name>', 'the gateway (default: the one with the highest score)')
    .option('--at <time>', 'the time, for instance 2026-11-22T14:05:00Z (default: now)')
    .option('--json', 'print JSON')
  return addExporterClientOptions(command).action(async (signal: string, zone: string, options: ExplainOptions) => {
    const query = {
      signal,
      trust_zone: zone,
      ...(options.gateway === undefined ? {} : { gateway: options.gateway }),
      ...(options.at === undefined ? {} : { at: options.at }),
    }
    const answer = await askExporter<ExplainAnswer>({ path: 'api/v1/explain', query }, options, context)
    context.stdout.write(options.json === true ? `${JSON.stringify(answer, undefined, 2)}\n` : explainReport(answer))
  })
}
