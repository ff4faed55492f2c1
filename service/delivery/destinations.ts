import { ClawtrustError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import { wrongAddress } from '../http-client/bounded-fetch.ts'
import { readSecret } from '../secrets/read-secret.ts'
import type { DestinationConfig } from './config.ts'
import { notificationTemplates } from './templates/names.ts'
import { loadTemplates, type Template } from './templates/template.ts'

/** A destination of deliveries, with its secrets read. */
export interface Destination {
  readonly name: string
  readonly template: Template
  /** True if it notifies people, false if it triggers a machine. */
  readonly isNotification: boolean
  readonly url: Secret | undefined
  readonly token: Secret | undefined
  readonly fields: Readonly<Record<string, string>>
  /** Milliseconds. */
  readonly timeout: number
  readonly giveUpAfter: number
}

export type Destinations = ReadonlyMap<string, Destination>

/**
 * Reads templates and secrets.
 *
 * @param section key of the list in the configuration, for errors
 * @throws ClawtrustError SECRET_UNREADABLE; CONFIG_INVALID if a key that the template needs is missing
 */
export async function readDestinations(
  section: string,
  configs: readonly DestinationConfig[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Destinations> {
  const templates = loadTemplates()
  const made = configs.map(async (config, index): Promise<[string, Destination]> => {
    const at = `${section}[${index}]`
    const template = templates.get(config.template)
    if (template === undefined) throw new TypeError(`${config.template} is shipped`)
    const missing = template.fields.filter(field => config.fields[field] === undefined)
    const url = await readSecret(`${at}.url`, { inline: config.url, file: config.url_file }, environment)
    if (url === undefined && template.url === undefined) throw lacking(at, config.template, 'url or url_file')
    const wrong = url === undefined ? undefined : wrongAddress(url.reveal())
    if (wrong !== undefined)
      throw new ClawtrustError('CONFIG_INVALID', `${at}: the address in url or url_file ${wrong}`, { key: at })
    if (missing.length > 0) throw lacking(at, config.template, `fields.${missing.join(', fields.')}`)
    const token = await readSecret(`${at}.token`, { inline: config.token, file: config.token_file }, environment, {
      inHeader: true,
    })
    const { name, fields, timeout, give_up_after: giveUpAfter } = config
    const isNotification = notificationTemplates.includes(config.template)
    return [name, { name, template, isNotification, url, token, fields, timeout, giveUpAfter }]
  })
  return new Map(await Promise.all(made))
}

function lacking(at: string, template: string, what: string): ClawtrustError {
  return new ClawtrustError('CONFIG_INVALID', `${at} needs ${what}: the template ${template} asks for it`, { key: at })
}
