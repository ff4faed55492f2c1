import { accessTemplates } from './access.ts'
import { configurationTemplates } from './configuration.ts'
import { deviceTemplates } from './devices.ts'
import { extensionTemplates } from './extensions.ts'
import { handshakeTemplates } from './handshake.ts'
import { httpTemplates } from './http.ts'
import { lifecycleTemplates } from './lifecycle.ts'
import { postureTemplates } from './posture.ts'
import { rpcTemplates } from './rpc.ts'
import { telemetryTemplates } from './telemetry.ts'
import type { Template } from './template.ts'
import { tlsTemplates } from './tls.ts'

/** Every template by its family. */
export const templateFamilies: Readonly<Record<string, readonly Template[]>> = {
  handshake: handshakeTemplates,
  rpc: rpcTemplates,
  devices: deviceTemplates,
  access: accessTemplates,
  extensions: extensionTemplates,
  configuration: configurationTemplates,
  posture: postureTemplates,
  tls: tlsTemplates,
  http: httpTemplates,
  telemetry: telemetryTemplates,
  lifecycle: lifecycleTemplates,
}

export const templates: readonly Template[] = Object.values(templateFamilies).flat()
