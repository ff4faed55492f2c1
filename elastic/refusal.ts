import type { Answer, Call } from './call.ts'
import { refusal } from './call.ts'

/** Features that smaller distributions of Elasticsearch lack, by the response that shows it. */
const LACKING =
  /no handler found|No processor type|unknown (?:setting|field) \[(?:index\.lifecycle|data_stream)|data.?stream/i

/** Why a call of the setup was refused, and what to do. */
export function explainRefusal({ method, path }: Call, answer: Answer): string {
  return `${method} ${path} was refused (${refusal(answer)}); ${remedy(path, answer)}`
}

function remedy(path: string, { status, body }: Answer): string {
  if (status === 401) return 'check the credentials'
  if (status === 403) {
    return 'set --username and --password-file of a user with the cluster privileges manage_index_templates, manage_ingest_pipelines, manage_ilm and manage_security'
  }
  if (!LACKING.test(JSON.stringify(body))) return 'correct the cause and run the command again'
  return path.startsWith('/_security/')
    ? 'security is disabled on this server: use --no-roles'
    : 'this server does not support it: use --plain'
}
