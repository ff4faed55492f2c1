import { Command } from 'commander'
import { systemClock } from '../core/clock.ts'
import { ClawtrustError } from '../core/errors.ts'
import { checkServer } from '../elastic/check/all.ts'
import type { Finding, Subject } from '../elastic/check/contract.ts'
import { printable } from '../service/log/one-line.ts'
import type { CliContext } from './context.ts'
import { type Credentials, credentialOptions } from './elastic-credentials.ts'
import { checkFormatsOfIndices } from './elastic-formats.ts'
import { readSample } from './elastic-sample.ts'
import { requiredConfigFileOption, type ServiceOptions } from './options.ts'

const marks = { ok: 'ok      ', note: 'note    ', problem: 'PROBLEM ' } as const

export function elasticCheckCommand(context: CliContext): Command {
  const command = new Command('check')
    .description(
      'Checks privileges, indices, mappings and clocks of the cluster of a configured source, and decodes its newest ' +
        'documents like the exporter.\nRead-only. The exit code is 0 if there is no problem, 1 if there is one or the cluster cannot be read, and 2 if the configuration, or a file or variable that it names, cannot be used.',
    )
    .addOption(requiredConfigFileOption())
  for (const option of credentialOptions()) command.addOption(option)
  return command.action(async (options: ServiceOptions & Credentials) => {
    const { openElasticsearch } = await import('./elastic-server.ts')
    const { config, source, place, ask, close } = await openElasticsearch(context.folder, options)
    try {
      const { index, cursor_field: cursorField, envelope } = source
      const subject: Subject = { ask, index, cursorField, now: systemClock.now }
      const found = await checkServer(subject)
      const readable = found.every(({ kind }) => kind !== 'problem')
      const sampled = { authority: config.exporter.authority, ...(envelope === undefined ? {} : { envelope }) }
      const sample = readable
        ? [...(await readSample(subject, sampled)), ...(await checkFormatsOfIndices(subject, sampled))]
        : []
      report([...found, ...sample], `${place}: `, context)
    } finally {
      await close()
    }
  })
}

/** @param prefix the place of the source */
function report(findings: readonly Finding[], prefix: string, { stdout }: CliContext): void {
  for (const { kind, sentence } of findings) stdout.write(`${marks[kind]}${printable(sentence)}\n`)
  const problems = findings.filter(({ kind }) => kind === 'problem').length
  if (problems === 0) return
  const found = problems === 1 ? '1 problem was' : `${problems} problems were`
  throw new ClawtrustError('ELASTICSEARCH_CHECK', `${prefix}${found} found in the source; see above`)
}
