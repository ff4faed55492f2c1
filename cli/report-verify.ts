import { resolve } from 'node:path'
import { Command } from 'commander'
import type { Problem } from '../compliance/integrity/check.ts'
import { findReports } from '../compliance/integrity/found-folders.ts'
import { readPublicKey } from '../compliance/integrity/key-file.ts'
import type { Declared } from '../compliance/integrity/manifest.ts'
import { type ReadAgain, type Rechecked, recheck } from '../compliance/integrity/recheck.ts'
import { problemsOf, type Verification, verify } from '../compliance/integrity/verify.ts'
import type { ReportVerdict } from '../compliance/integrity/verify-report.ts'
import { renderers } from '../compliance/render/registry.ts'
import { ClawtrustError } from '../core/errors.ts'
import { printable } from '../service/log/one-line.ts'
import { visibleJson } from '../service/page/visible.ts'
import { counted } from '../service/page/words.ts'
import type { CliContext } from './context.ts'
import { configFileOption } from './options.ts'

export interface VerifyCommandOptions {
  readonly recheck?: boolean
  readonly publicKey?: readonly string[]
  readonly json?: boolean
  readonly 'config.file'?: string
  readonly 'state.dir'?: string
}

/** The stores of a configuration, to ask them again. */
export interface OpenedStores {
  readonly readAgain: ReadAgain
  close(): Promise<void>
}
export type OpenStores = (options: VerifyCommandOptions) => Promise<OpenedStores>

/** Verifies reports offline; for the group `report`. */
export function reportVerifyCommand(context: CliContext, openStores: OpenStores): Command {
  return new Command('verify')
    .description(
      'Verifies a report, or a folder of reports with their chain: hashes, signature, and that every form says what report.json says.\n' +
        'It needs no server, except with --recheck.',
    )
    .argument('<folder>', 'the folder of a report, or the one that holds all of them')
    .option('--recheck', 'ask the stores again, and compare each piece of evidence')
    .option(
      '--public-key <file>',
      'a public key that is trusted; may be given several times',
      (file, files: string[] = []) => [...files, file],
    )
    .option('--json', 'print JSON')
    .addOption(configFileOption())
    .option('--state.dir <path>', 'the state folder, whose databases --recheck reads')
    .action(async (folder: string, _, self: Command) => {
      // `--config.file` is an option of the group too, which takes it.
      const options = self.optsWithGlobals<VerifyCommandOptions>()
      const found = await findReports(resolve(context.folder, folder))
      const trusted = await Promise.all(
        (options.publicKey ?? []).map(file => readPublicKey(resolve(context.folder, file))),
      )
      const verification = await verify(found, { renderers, trusted, version: context.version })
      const rechecked = options.recheck === true ? await recheckAll(verification, await openStores(options)) : []
      const text =
        options.json === true ? verificationJson(verification, rechecked) : verificationText(verification, rechecked)
      context.stdout.write(text)
      refuseDifferences(verification, rechecked)
    })
}

interface RecheckedReport {
  readonly folder: string
  readonly evidence: readonly Rechecked[]
}

async function recheckAll({ reports }: Verification, stores: OpenedStores): Promise<readonly RecheckedReport[]> {
  const rechecked: RecheckedReport[] = []
  try {
    for (const { folder, report } of reports) {
      if (report !== null) rechecked.push({ folder, evidence: await recheck(report, stores.readAgain) })
    }
  } finally {
    await stores.close()
  }
  return rechecked
}

/** What a recheck found is not what the report says. */
const differs = ({ outcome }: Rechecked): boolean => outcome !== 'same'

function refuseDifferences(verification: Verification, rechecked: readonly RecheckedReport[]): void {
  const problems = problemsOf(verification).length
  const others = rechecked.flatMap(({ evidence }) => evidence.filter(differs)).length
  if (problems + others === 0) return
  const found = [
    ...(problems === 0 ? [] : [`${counted(problems, 'difference')} found in the reports`]),
    ...(others === 0
      ? []
      : [`${counted(others, 'piece of evidence', 'pieces of evidence')} not confirmed by the stores`]),
  ]
  throw new ClawtrustError('REPORT_DIFFERS', `${found.join(', and ')}.`)
}

function verificationText(verification: Verification, rechecked: readonly RecheckedReport[]): string {
  const { reports, problems, declared, limits } = verification
  const newest = reports.toSorted((a, b) => (a.manifest?.sequence ?? 0) - (b.manifest?.sequence ?? 0)).at(-1)
  const lines = [
    ...reports.flatMap(report => [reportLine(report), ...report.problems.map(problemLine)]),
    ...(problems.length === 0 ? [] : ['The chain of reports:', ...problems.map(problemLine)]),
    ...declared.map(({ folder, declared }) => `${folder} declares: ${declaredWords(declared)}`),
    ...rechecked.flatMap(({ folder, evidence }) => [
      `${folder}: ${evidence.length - evidence.filter(differs).length} of ${evidence.length} pieces of evidence are the same in the stores`,
      ...evidence.filter(differs).map(recheckLine),
    ]),
    ...(newest === undefined || newest.manifestHash === ''
      ? []
      : [`The manifest of the newest report, ${newest.folder}, has the hash ${newest.manifestHash}`]),
    ...(limits.length === 0 ? [] : ['What this check cannot show:', ...limits.map(limit => `  ${limit}`)]),
  ]
  return lines.map(line => `${printable(line)}\n`).join('')
}

function reportLine({ folder, manifest, report, problems }: ReportVerdict): string {
  if (problems.length > 0)
    return `${folder}: ${problems.length} ${problems.length === 1 ? 'difference' : 'differences'}`
  const signed = manifest?.key ? `signed by ${manifest.key.fingerprint}` : 'not signed'
  return `${folder}: verified, ${manifest?.files.length ?? 0} files, ${report?.evidence.length ?? 0} pieces of evidence, ${signed}`
}

function problemLine({ folder, file, place, expected, found, detail }: Problem): string {
  const where = [folder, file].filter(part => part !== '').join('/')
  const values = expected === '' && found === '' ? '' : `; expected ${quoted(expected)}, found ${quoted(found)}`
  return `  ${where}${place === '' ? '' : `, ${place}`}: ${detail}${values}`
}

const quoted = (value: string): string => (value === '' ? 'nothing' : JSON.stringify(value))

const declaredWords = ({ kind, from, to, reason }: Declared): string => `${kind} from ${from} to ${to}. ${reason}`

function recheckLine({ evidence, title, why, before, now }: Rechecked): string {
  const values =
    now === null ? '' : `; count ${before.count} then, ${now.count} now; value ${before.value} then, ${now.value} now`
  return `  ${evidence} (${title}): ${why}${values}`
}

function verificationJson(verification: Verification, rechecked: readonly RecheckedReport[]): string {
  const { reports, problems, declared, limits } = verification
  const shown = {
    verified: problemsOf(verification).length === 0,
    reports: reports.map(({ folder, manifest, manifestHash, problems }) => ({
      folder,
      report: manifest?.report ?? null,
      sequence: manifest?.sequence ?? null,
      manifest: manifestHash,
      key: manifest?.key?.fingerprint ?? null,
      problems,
    })),
    chain: { problems, declared },
    limits,
    ...(rechecked.length === 0 ? {} : { rechecked }),
  }
  return `${visibleJson(JSON.stringify(shown))}\n`
}
