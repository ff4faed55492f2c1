import { Command } from 'commander'
import type { Framework } from '../compliance/controls/catalogue.ts'
import { printable } from '../service/log/one-line.ts'
import { counted } from '../service/page/words.ts'
import type { CliContext } from './context.ts'
import { loadCatalogue } from './load-catalogue.ts'

export function checkCatalogueCommand(context: CliContext): Command {
  return new Command('check-catalogue')
    .description(
      'Checks files with frameworks, controls and mappings, together with the shipped frameworks, and shows what they add and replace.\n' +
        'Read-only. The exit code is 0 if all files are valid, and 2 if one is not: the message has its line.',
    )
    .argument('<files...>', 'the files, in the order of compliance.catalogue')
    .action(async (files: readonly string[]) => {
      const { frameworks } = await loadCatalogue(files, context.folder)
      const lines = [
        ...files.map(file => `${file}: ok`),
        ...frameworks.flatMap(framework => [summaryOf(framework), ...replacementsOf(framework)]),
      ]
      for (const line of lines) context.stdout.write(`${printable(line)}\n`)
    })
}

function summaryOf({ id, files, controls }: Framework): string {
  const manual = controls.filter(({ tests }) => tests.length === 0).length
  const tests = controls.flatMap(control => control.tests).length
  const counts = `${counted(controls.length, 'control')}, ${counted(tests, 'test')}, ${manual} manual`
  return `${id}: ${counts} (${files.map(({ name }) => name).join(', ')})`
}

const replacementsOf = ({ replacements }: Framework): readonly string[] =>
  replacements.map(({ id, kind, file, line, reason }) => `  ${kind} ${id} is replaced in ${file}:${line}: ${reason}`)
