import { Command, Option } from 'commander'
import { printPolicy, printPolicyYaml } from '../policy/language/print.ts'
import { formOf } from '../policy/language/read.ts'
import type { CliContext } from './context.ts'
import { loadPolicyFile } from './policy-file.ts'

const forms = { text: printPolicy, yaml: printPolicyYaml } as const

interface ConvertOptions {
  readonly to?: keyof typeof forms
}

export function policyConvertCommand(context: CliContext): Command {
  return new Command('convert')
    .description(
      'Prints a policy in YAML, or one in YAML in the text form. The meaning is the same; comments are lost.',
    )
    .argument('<file>', 'the file, in the text form or in YAML')
    .addOption(new Option('--to <form>', 'the form (default: the other one)').choices(Object.keys(forms)))
    .action(async (file: string, { to = formOf(file) === 'yaml' ? 'text' : 'yaml' }: ConvertOptions) => {
      const { policy } = await loadPolicyFile(file, context.folder)
      context.stdout.write(forms[to](policy))
    })
}
