import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { makeKey, readSigningKey } from '../compliance/integrity/key-file.ts'
import type { CliContext } from './context.ts'

interface KeygenOptions {
  readonly out: string
  readonly replaces?: string
}

/** Makes the key that signs reports; for the group `report`. */
export function reportKeygenCommand(context: CliContext): Command {
  return new Command('keygen')
    .description(
      'Writes a new ed25519 key: the private one with mode 0600, and the public one beside it, with the ending .pub.\n' +
        'A file that exists is never overwritten.',
    )
    .addOption(new Option('--out <file>', 'the file of the private key').default('clawtrust-report.key'))
    .option('--replaces <file>', 'the private key whose place the new one takes, which signs that')
    .action(async (_, self: Command) => {
      // `--out` is an option of the group too, which takes it.
      const { out, replaces } = self.optsWithGlobals<KeygenOptions>()
      const earlier = replaces === undefined ? undefined : await readSigningKey(resolve(context.folder, replaces))
      const made = await makeKey(resolve(context.folder, out), earlier, new Date().toISOString())
      for (const file of made.files) context.stdout.write(`${file}: written\n`)
      context.stdout.write(`Fingerprint: ${made.fingerprint}\n`)
      context.stdout.write(
        'Publish the public key, or its fingerprint, where the writer of reports cannot change it.\n',
      )
    })
}
