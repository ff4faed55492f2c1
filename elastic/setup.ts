import type { Secret } from '../core/secret.ts'
import type { Call } from './call.ts'
import { indexTemplate, plainIndexTemplate } from './templates/index-template.ts'
import { ingestPipeline } from './templates/ingest-pipeline.ts'
import { lifecyclePolicy } from './templates/lifecycle-policy.ts'
import { mappings } from './templates/mappings.ts'
import { managed, names } from './templates/names.ts'
import { readerRole, reporterRole, writerRole } from './templates/roles.ts'
import { plainSettings, settings } from './templates/settings.ts'

export interface SetupOptions {
  /**
   * For a server without data streams, lifecycle policies and ingest pipelines: the shipper then sets `event.ingested`.
   */
  readonly plain?: boolean
  /** False if security is disabled or roles are managed elsewhere. Default: true. */
  readonly roles?: boolean
}

/** Passwords of the users to write. */
export interface UserPasswords {
  /** For the user `clawtrust`, who reads. */
  readonly reader?: Secret | undefined
  /** For the user `openclaw_shipper`, who writes. */
  readonly shipper?: Secret | undefined
}

const put = (path: string, body: object): Call => ({ method: 'PUT', path, body })

const component = (name: string, template: object) => put(`/_component_template/${name}`, { template, _meta: managed })

/** The calls that set up Elasticsearch, in order. Each is idempotent: it replaces what an earlier run created. */
export function setupCalls({ plain = false, roles = true }: SetupOptions = {}): readonly Call[] {
  return [...(plain ? plainTemplates : templates), ...(roles ? roleCalls : [])]
}

/** The calls that write users with the roles of the setup; an existing user gets the password. */
export function userCalls({ reader, shipper }: UserPasswords): readonly Call[] {
  return [...user(names.writerUser, names.writerRole, shipper), ...user(names.readerUser, names.readerRole, reader)]
}

const user = (name: string, role: string, password: Secret | undefined): readonly Call[] =>
  password === undefined
    ? []
    : [put(`/_security/user/${name}`, { password: password.reveal(), roles: [role], metadata: managed })]

const templates: readonly Call[] = [
  put(`/_ilm/policy/${names.lifecycle}`, lifecyclePolicy),
  put(`/_ingest/pipeline/${names.pipeline}`, ingestPipeline),
  component(names.mappings, { mappings }),
  component(names.settings, { settings }),
  put(`/_index_template/${names.indexTemplate}`, indexTemplate),
]

const plainTemplates: readonly Call[] = [
  component(names.mappings, { mappings }),
  component(names.settings, { settings: plainSettings }),
  put(`/_index_template/${names.indexTemplate}`, plainIndexTemplate),
]

const roleCalls: readonly Call[] = [
  put(`/_security/role/${names.writerRole}`, writerRole),
  put(`/_security/role/${names.readerRole}`, readerRole),
  put(`/_security/role/${names.reporterRole}`, reporterRole),
]
