import { Command } from 'commander'
import { ClawtrustError } from '../core/errors.ts'
import { formatPolicy } from '../policy/language/format.ts'
import { formOf } from '../policy/language/read.ts'
import { replaceFile } from '../service/files/replace-file.ts'
import { printable } from '../service/log/one-line.ts'
import type { CliContext } from './context.ts'
import { readPolicySource, refuseErrors, writePolicyFile } from './policy-file.ts'

interface FmtOptions {
  readonly check?: boolean
}

interface Layout {
  readonly file: string
  readonly source: string
  readonly formatted: string
}

export function policyFmtCommand(context: CliContext): Command {
  return new Command('fmt')
    .description(
      'Gives policies in the text form their one layout, and prints the names of the files that it changed. Comments and the meaning stay.\n' +
        'If one of the files has an error, none is written. The exit code is 0 if all files have the layout at the end, 1 if --check found one that has not, and 2 if one has an error.',
    )
    .argument('<files...>', 'the files')
    .option('--check', 'write nothing, and fail if a file does not have the layout')
    .action(async (files: readonly string[], { check = false }: FmtOptions) => {
      const layouts = await layoutsOf(files, context.folder)
      const changed = layouts.filter(({ source, formatted }) => source !== formatted)
      for (const { file, formatted } of changed) {
        if (!check) await writePolicyFile(replaceFile, file, formatted, context.folder)
        context.stdout.write(`${printable(file)}\n`)
      }
      if (check && changed.length > 0) {
        const names = changed.map(({ file }) => printable(file)).join(' ')
        throw new ClawtrustError(
          'POLICY_UNFORMATTED',
          `These policies do not have the layout; run clawtrust policy fmt ${names}`,
        )
      }
    })
}

/** Every file is read before one is written. */
async function layoutsOf(files: readonly string[], folder: string): Promise<readonly Layout[]> {
  const layouts: Layout[] = []
  const wrong: Parameters<typeof refuseErrors>[0][number][] = []
  for (const file of files) {
    if (formOf(file) === 'yaml') {
      throw new ClawtrustError(
        'USAGE',
        `${file} is in YAML, and the layout is that of the text form; convert it with clawtrust policy convert ${file}`,
      )
    }
    const source = await readPolicySource(file, folder)
    const result = formatPolicy(source)
    if (result.ok) layouts.push({ file, source, formatted: result.text })
    else wrong.push({ file, source, problems: result.problems })
  }
  refuseErrors(wrong)
  return layouts
}
