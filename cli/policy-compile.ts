import { mkdir, realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { ClawtrustError } from '../core/errors.ts'
import type { Compiled } from '../policy/compile/contract/target.ts'
import { resultName, type TargetForm, targetForms } from '../policy/compile/registry.ts'
import { isExpired } from '../policy/decide/evaluator.ts'
import type { ResolvedPolicy } from '../policy/language/resolved.ts'
import type { PolicyProblem } from '../policy/model/problem.ts'
import { createOrReplaceFile } from '../service/files/replace-file.ts'
import { printable } from '../service/log/one-line.ts'
import { counted } from '../service/page/words.ts'
import type { CliContext } from './context.ts'
import { loadPolicyFile, type PolicyFile, problemHeadings, todayOf, writePolicyFile } from './policy-file.ts'

interface CompileOptions {
  readonly target: string
  readonly namespace: string
  readonly out?: string
  readonly strict?: boolean
}

export function policyCompileCommand(context: CliContext): Command {
  return new Command('compile')
    .description(
      'Compiles a policy for what enforces it, and prints the result; nothing is applied. What the target cannot express is a loss, with what enforces it instead: on standard error, and in the head of the result.\n' +
        'The exit code is 0, 1 with --strict if there is a loss or if nothing is left that would be allowed, and 2 if the policy has an error; with 1 and 2 nothing is written.',
    )
    .argument('<file>', 'the file, in the text form or in YAML')
    .addOption(
      new Option('--target <target>', 'what enforces it; a staged form reports what it would deny, and denies nothing')
        .choices(targetForms.map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--namespace <name>',
        'of targets in a cluster: the Kubernetes namespace whose workloads are protected',
      )
        .argParser(namespaceName)
        .default('default'),
    )
    .option('--out <path>', 'write into this file, or into this folder, and print the path')
    .option('--strict', 'accept no loss')
    .action(async (file: string, options: CompileOptions) => {
      const form = targetForms.find(({ name }) => name === options.target) as TargetForm
      const read = await loadPolicyFile(file, context.folder)
      const today = todayOf(read.resolved)
      const { namespace } = options
      const compiled = form.target.compile(read.resolved, { isStaged: form.isStaged, namespace, today })
      const problems = lossProblems(read.resolved, compiled)
      for (const text of problemHeadings({ ...read, problems })) context.stderr.write(`${text}\n`)
      refuseEmpty(read, form, namespace, compiled, today)
      const losses = problems.filter(({ level }) => level === 'warning')
      if (options.strict && losses.length > 0) {
        const count = counted(losses.length, 'loss', 'losses')
        throw new ClawtrustError(
          'POLICY_LOSSES',
          `${file} has ${count} where it is compiled for ${form.name}; nothing was written, because of --strict`,
        )
      }
      if (options.out === undefined) context.stdout.write(compiled.text)
      else {
        const name = resultName(form, read.resolved.name, namespace)
        const path = await outputPath(options.out, name, context.folder)
        await refuseItself(path, file, context.folder)
        await writePolicyFile(createOrReplaceFile, path, compiled.text, context.folder)
        context.stdout.write(`${printable(path)}\n`)
      }
    })
}

/** An RFC 1123 label. */
function namespaceName(text: string): string {
  if (/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) return text
  throw new InvalidArgumentError('It must be the name of a namespace: lower-case letters, digits and hyphens.')
}

/**
 * Losses at the rules that they are of. That a rule has no end in the namespace is a note: it is enforced where its ends are.
 */
function lossProblems({ rules }: ResolvedPolicy, { losses }: Compiled): readonly PolicyProblem[] {
  const places = new Map(rules.map(({ name, at }) => [name, at]))
  const problems = losses.map(
    ({ rule, part, direction, message }): PolicyProblem => ({
      kind: `loss-${direction}`,
      level: part === 'scope' ? 'note' : 'warning',
      message: `rule ${rule}: ${message}`,
      at: places.get(rule) ?? { from: 0, to: 0 },
    }),
  )
  return problems.toSorted((a, b) => a.at.from - b.at.from)
}

/** What allows nothing denies everything: nobody wants to enforce that of a policy with rules. @throws POLICY_LOSSES */
function refuseEmpty(
  { file, resolved }: PolicyFile,
  { name, target }: TargetForm,
  namespace: string,
  { losses }: Compiled,
  today: string,
): void {
  const gone = new Set(losses.filter(({ part }) => part === 'scope').map(({ rule }) => rule))
  const isLeft = resolved.rules.some(rule => !isExpired(rule, today) && !gone.has(rule.name))
  if (isLeft || resolved.rules.length === 0) return
  const scope = target.isNamespaced ? ` and the namespace ${namespace}` : ''
  const named = namespacesIn(resolved).filter(one => one !== namespace)
  const advice =
    target.isNamespaced && named.length > 0
      ? `; the policy names ${named.join(', ')}: choose with --namespace`
      : '; what is said above says why'
  throw new ClawtrustError(
    'POLICY_LOSSES',
    `${file} allows nothing that is left for ${name}${scope}, so that the result would deny everything; nothing was written${advice}`,
  )
}

function namespacesIn({ zones, rules }: ResolvedPolicy): readonly string[] {
  const conjunctions = [
    ...zones.flatMap(({ members }) => members),
    ...rules.flatMap(({ from, to }) => [...from, ...to.map(({ terms }) => terms)]),
  ]
  const names = conjunctions.flat().flatMap(term => (term.kind === 'namespace' ? [term.name] : []))
  return [...new Set(names)].sort()
}

/** @returns the path as the user wrote it, with the name where it is a folder */
async function outputPath(out: string, name: string, folder: string): Promise<string> {
  const path = resolve(folder, out)
  const isFolder = out.endsWith('/') || (await stat(path).catch(() => undefined))?.isDirectory()
  if (!isFolder) return out
  await mkdir(path, { recursive: true }).catch(() => undefined)
  return join(out, name)
}

/** @throws USAGE where the result would take the place of the policy */
async function refuseItself(path: string, file: string, folder: string): Promise<void> {
  const [out, policy] = await Promise.all(
    [path, file].map(one => realpath(resolve(folder, one)).catch(() => undefined)),
  )
  if (out !== undefined && out === policy)
    throw new ClawtrustError('USAGE', `${path} is the policy itself; choose another path for --out`)
}
