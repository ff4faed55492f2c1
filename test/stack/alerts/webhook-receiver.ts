import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { WebhookTrust } from '../servers/shipped-alertmanager.ts'

export interface Delivery {
  /** Common name of the client certificate. */
  readonly client: string
  readonly authorization: string | undefined
  readonly message: AlertMessage
}

export interface AlertMessage {
  readonly status: string
  readonly externalURL: string
  readonly truncatedAlerts: number
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[]
}

/** In the place of remediation: takes deliveries from who has a certificate, and keeps them. */
export async function startWebhookReceiver({ authority, service }: WebhookTrust) {
  const deliveries: Delivery[] = []
  const server = createServer(
    {
      ca: readFileSync(authority.certificateFile),
      cert: readFileSync(service.certificateFile),
      key: readFileSync(service.keyFile),
      requestCert: true,
      rejectUnauthorized: true,
    },
    async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const client = String((request.socket as TLSSocket).getPeerCertificate().subject.CN)
      const message = JSON.parse(Buffer.concat(chunks).toString())
      deliveries.push({ client, authorization: request.headers.authorization, message })
      response.statusCode = 200
      response.end()
    },
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/alertmanager`,
    deliveries: deliveries as readonly Delivery[],
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
