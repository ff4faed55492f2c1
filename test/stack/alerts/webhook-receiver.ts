import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { WebhookTrust } from '../servers/shipped-alertmanager.ts'

export interface Delivery {
  readonly client: string
  readonly authorization: string | undefined
  readonly alerts: readonly {
    readonly status: string
    readonly fingerprint: string
    readonly labels: Readonly<Record<string, string>>
  }[]
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
      const { alerts } = JSON.parse(Buffer.concat(chunks).toString())
      const client = (request.socket as TLSSocket).getPeerCertificate().subject.CN
      deliveries.push({ client: String(client), authorization: request.headers.authorization, alerts })
      response.statusCode = 202
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
