import type { Client } from '@elastic/elasticsearch'
import { readDestinations } from '../../service/delivery/destinations.ts'
import type { RequestResult } from '../../service/delivery/http-request.ts'
import { httpSenders } from '../../service/delivery/http-sender.ts'
import { type Environment, readConnection } from '../../service/elasticsearch/read-connection.ts'
import type { Fetch } from '../../service/http-client/bounded-fetch.ts'
import { readCertificates } from '../../service/secrets/read-certificate.ts'
import { readSecret } from '../../service/secrets/read-secret.ts'
import type { ReportDestination } from './config.ts'
import { folderSender } from './folder-sender.ts'
import { reportFacts } from './message.ts'
import type { ReadParcel } from './parcel.ts'
import { parcelSender, type ReportSender, type ReportSenders, type SendParcel } from './sending.ts'

export interface SenderServices {
  readonly read: ReadParcel
  readonly environment: Environment
  readonly fetch: Fetch
}

/**
 * The senders of all destinations, with their secrets read.
 *
 * @throws ClawtrustError SECRET_UNREADABLE, CONFIG_INVALID
 */
export async function reportSenders(
  destinations: readonly ReportDestination[],
  services: SenderServices,
): Promise<ReportSenders> {
  const made = destinations.map(async (destination, index): Promise<[string, ReportSender]> => {
    const section = `compliance.destinations[${index}]`
    return [destination.name, await senderOf(destination, section, services)]
  })
  return new Map(await Promise.all(made))
}

async function senderOf(
  destination: ReportDestination,
  section: string,
  services: SenderServices,
): Promise<ReportSender> {
  const { environment } = services
  switch (destination.type) {
    case 'folder':
      return parcelSender(services.read, destination.redact, folderSender(destination.path))
    // Large clients are loaded where there is something for them to send.
    case 'elasticsearch': {
      const { withSupported } = await import('../../service/elasticsearch/compatibility.ts')
      const { indexSender, isRefused } = await import('./index-sender.ts')
      const connection = await readConnection(destination, environment, `${section}.`)
      const send: SendParcel = async (parcel, delivery, signal) => {
        // No search: the role of reports may only add documents, and the index is made by the first.
        const use = async (client: Client) => {
          const result = await indexSender(client, destination.index)(parcel, delivery, signal)
          await client.close()
          return result
        }
        return withSupported(connection, destination.compatibility, use).catch(error => {
          if (isRefused(error)) return refused(`Elasticsearch refused the documents with status ${error.statusCode}`)
          throw error
        })
      }
      return parcelSender(services.read, destination.redact, send)
    }
    case 'email': {
      const { emailSender } = await import('./email-sender.ts')
      const { server, tls, username, from, to, attach, timeout, ca_file, password, password_file } = destination
      const written = { ...(password && { inline: password }), ...(password_file && { file: password_file }) }
      const settings = {
        ...server,
        tls,
        ca: await readCertificates(`${section}.ca_file`, ca_file),
        username,
        password: await readSecret(`${section}.password`, written, environment),
        from,
        to,
        attach,
        timeout,
      }
      return parcelSender(services.read, destination.redact, emailSender(settings))
    }
    case 'request':
      return requestSender(destination, section, services)
  }
}

/** The values of the template are made when it is sent, from the report. */
async function requestSender(
  destination: ReportDestination & { readonly type: 'request' },
  section: string,
  { read, environment, fetch }: SenderServices,
): Promise<ReportSender> {
  const sender = httpSenders(await readDestinations(section, [destination], environment), fetch).get(destination.name)
  if (sender === undefined) throw new TypeError(`${destination.name} is configured`)
  return parcelSender(read, destination.redact, async ({ report, manifest }, delivery) => {
    const sent = await sender.send({ ...delivery, body: JSON.stringify(reportFacts(report, manifest)) })
    return sent ?? refused('its row in the outbox is damaged')
  })
}

const refused = (detail: string): RequestResult => ({ ok: false, retryable: false, detail })
