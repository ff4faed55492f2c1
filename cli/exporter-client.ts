import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { ClawtrustError, failureReason } from '../core/errors.ts'
import { parseJson } from '../core/json.ts'
import { boundedFetch } from '../service/http-client/bounded-fetch.ts'
import { foreignWords } from '../service/http-client/foreign-words.ts'
import { readSecret } from '../service/secrets/read-secret.ts'
import type { CliContext } from './context.ts'
import { loadConfig } from './load-config.ts'
import { configFileOption } from './options.ts'

/** Where the running exporter is, and who asks. */
export interface ExporterClientOptions {
  readonly 'web.url'?: string
  readonly 'web.user'?: string
  readonly 'web.passwordFile'?: string
  readonly 'web.bearerTokenFile'?: string
  readonly 'config.file'?: string
}

/** One request; with a body it is a POST. */
export interface ExporterRequest {
  /** Below the address of the exporter, without a slash at its beginning. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, string>>
}

const ANSWER_MS = 10_000
const MAX_ANSWER_BYTES = 16 * 1024 * 1024
const MAX_SENTENCE = 1_000

/** Options of a command that asks the running exporter. */
export function addExporterClientOptions(command: Command): Command {
  return command
    .addOption(configFileOption())
    .addOption(new Option('--web.url <url>', "the exporter's address (default: listen_address of the configuration)"))
    .addOption(new Option('--web.user <name>', 'the user to sign in with'))
    .addOption(new Option('--web.password-file <path>', "the file with the user's password"))
    .addOption(
      new Option('--web.bearer-token-file <path>', 'the file with the token of a role, in place of a user').conflicts(
        'web.user',
      ),
    )
}

/**
 * The answer of the running exporter: only its process holds what is asked for.
 *
 * @throws ClawtrustError EXPORTER_UNREACHABLE, USAGE where it refuses
 */
export async function askExporter<Answer>(
  { path, query = {}, body }: ExporterRequest,
  options: ExporterClientOptions,
  context: CliContext,
): Promise<Answer> {
  const base = await addressOf(options, context)
  const url = new URL(path, base)
  url.search = new URLSearchParams(query).toString()
  const credentials = await authorization(options, context)
  const request = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const headers = { ...credentials, ...(body !== undefined && { 'content-type': 'application/json' }) }
  const bounds = { timeout: ANSWER_MS, largest: MAX_ANSWER_BYTES }
  const answer = await boundedFetch(fetch, url, { ...request, headers, redirect: 'error' }, bounds).catch(cause => {
    const sentence = `No exporter responds at ${base.origin} (${failureReason(cause)}): start it, or set its address by --web.url.`
    throw new ClawtrustError('EXPORTER_UNREACHABLE', sentence, { cause })
  })
  const { status, text, incomplete } = answer
  const json = parseJson(text)
  if (status !== 200) {
    const secrets = Object.values(credentials).map(value => value.replace(/^(?:Basic|Bearer) /, ''))
    const sentence = sentenceOf(json, text, secrets) ?? `The exporter at ${base.origin} answered ${status}.`
    throw new ClawtrustError('USAGE', sentence)
  }
  if (incomplete === undefined && typeof json === 'object' && json !== null) return json as Answer
  const why = incomplete ?? 'the answer is not JSON'
  throw new ClawtrustError('EXPORTER_UNREACHABLE', `No exporter responds at ${base.origin}: ${why}; check --web.url.`)
}

/** The sentence of a refusal; cut, since another program may answer there. */
function sentenceOf(body: unknown, text: string, secrets: readonly string[]): string | undefined {
  const { error } = Object(body) as { error?: unknown }
  const sentence = foreignWords(typeof error === 'string' ? error : text, MAX_SENTENCE, secrets)
  return sentence === '' ? undefined : sentence
}

export async function authorization(
  options: ExporterClientOptions,
  { folder }: CliContext,
): Promise<Record<string, string>> {
  const { 'web.user': user, 'web.passwordFile': file, 'web.bearerTokenFile': tokenFile } = options
  if (tokenFile !== undefined) {
    const token = await readSecret('--web.bearer-token', { file: resolve(folder, tokenFile) }, {})
    return { Authorization: `Bearer ${token?.reveal()}` }
  }
  if (user === undefined || file === undefined) return {}
  const password = await readSecret('--web.password', { file: resolve(folder, file) }, {})
  const credentials = Buffer.from(`${user}:${password?.reveal()}`).toString('base64')
  return { Authorization: `Basic ${credentials}` }
}

export async function addressOf(options: ExporterClientOptions, context: CliContext): Promise<URL> {
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
