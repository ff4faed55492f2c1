import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { ClawtrustError, failureReason } from '../core/errors.ts'
import { parseJson } from '../core/json.ts'
import type { ExplainAnswer } from '../exporter/web/api/explain.ts'
import { boundedFetch } from '../service/http-client/bounded-fetch.ts'
import { foreignWords } from '../service/http-client/foreign-words.ts'
import { readSecret } from '../service/secrets/read-secret.ts'
import type { CliContext } from './context.ts'
import { explainReport } from './explain-report.ts'
import { loadConfig } from './load-config.ts'
import { configFileOption } from './options.ts'

interface ExplainOptions {
  readonly gateway?: string
  readonly at?: string
  readonly 'web.url'?: string
  readonly 'web.user'?: string
  readonly 'web.passwordFile'?: string
  readonly 'config.file'?: string
  readonly json?: boolean
}

const ANSWER_MS = 10_000
const MAX_ANSWER_BYTES = 16 * 1024 * 1024
const MAX_SENTENCE = 1_000

/** Asks the running exporter, because only its process holds the scorers. */
export function explainCommand(context: CliContext): Command {
  return new Command('explain')
    .summary('explains the score of a signal')
    .description(
      'Asks the running exporter to explain the score of a signal in a trust zone, and plots the preceding minutes.',
    )
    .argument('<signal>', 'the signal, for instance auth_failures')
    .argument('<zone>', 'the trust zone')
    .option('--gateway <name>', 'the gateway (default: the one with the highest score)')
    .option('--at <time>', 'the time, for instance 2026-11-22T14:05:00Z (default: now)')
    .option('--json', 'print JSON')
    .addOption(configFileOption())
    .addOption(new Option('--web.url <url>', "the exporter's address (default: listen_address of the configuration)"))
    .addOption(new Option('--web.user <name>', 'the user to sign in with'))
    .addOption(new Option('--web.password-file <path>', "the file with the user's password"))
    .action(async (signal: string, zone: string, options: ExplainOptions) => {
      const answer = await ask(await addressOf(options, context), { signal, zone, options }, context)
      context.stdout.write(options.json === true ? `${JSON.stringify(answer, undefined, 2)}\n` : explainReport(answer))
    })
}

interface Question {
  readonly signal: string
  readonly zone: string
  readonly options: ExplainOptions
}

async function ask(base: URL, { signal, zone, options }: Question, context: CliContext): Promise<ExplainAnswer> {
  const url = new URL('api/v1/explain', base)
  url.search = new URLSearchParams({
    signal,
    trust_zone: zone,
    ...(options.gateway === undefined ? {} : { gateway: options.gateway }),
    ...(options.at === undefined ? {} : { at: options.at }),
  }).toString()
  const headers = await authorization(options, context)
  const bounds = { timeout: ANSWER_MS, largest: MAX_ANSWER_BYTES }
  const answer = await boundedFetch(fetch, url, { headers, redirect: 'error' }, bounds).catch(cause => {
    const sentence = `No exporter responds at ${base.origin} (${failureReason(cause)}): start it, or set its address by --web.url.`
    throw new ClawtrustError('EXPORTER_UNREACHABLE', sentence, { cause })
  })
  const { status, text, incomplete } = answer
  const body = parseJson(text)
  if (status !== 200) {
    const credentials = Object.values(headers).map(value => value.replace(/^Basic /, ''))
    const sentence = sentenceOf(body, text, credentials) ?? `The exporter at ${base.origin} answered ${status}.`
    throw new ClawtrustError('USAGE', sentence)
  }
  if (incomplete === undefined && typeof body === 'object' && body !== null) return body as ExplainAnswer
  const why = incomplete ?? 'the answer is not JSON'
  throw new ClawtrustError('EXPORTER_UNREACHABLE', `No exporter responds at ${base.origin}: ${why}; check --web.url.`)
}

/** The sentence of a refusal; cut, since another program may answer there. */
function sentenceOf(body: unknown, text: string, secrets: readonly string[]): string | undefined {
  const { error } = Object(body) as { error?: unknown }
  const sentence = foreignWords(typeof error === 'string' ? error : text, MAX_SENTENCE, secrets)
  return sentence === '' ? undefined : sentence
}

async function authorization(options: ExplainOptions, { folder }: CliContext): Promise<Record<string, string>> {
  const { 'web.user': user, 'web.passwordFile': file } = options
  if (user === undefined || file === undefined) return {}
  const password = await readSecret('--web.password', { file: resolve(folder, file) }, {})
  const credentials = Buffer.from(`${user}:${password?.reveal()}`).toString('base64')
  return { Authorization: `Basic ${credentials}` }
}

async function addressOf(options: ExplainOptions, context: CliContext): Promise<URL> {
  const given = options['web.url']
  if (given !== undefined) {
    const url = URL.parse(given)
    if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
    throw new ClawtrustError('USAGE', '--web.url must be an address such as http://127.0.0.1:9847/.')
  }
  const file = options['config.file']
  const { config } = await loadConfig({
    ...context,
    files: [],
    options: file === undefined ? {} : { 'config.file': file },
  })
  const { listen_address, web_config_file } = config.exporter
  const host = ['::', '0.0.0.0'].includes(listen_address.host) ? 'localhost' : listen_address.host
  const scheme = web_config_file === undefined ? 'http' : (await hasTls(web_config_file, context)) ? 'https' : 'http'
  return new URL(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${listen_address.port}/`)
}

async function hasTls(file: string, { checkWebConfig }: CliContext): Promise<boolean> {
  const loaded = (await checkWebConfig(file)) as { readonly tls?: unknown } | undefined
  return loaded?.tls !== undefined
}
