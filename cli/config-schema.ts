import { z } from 'zod'
import { complianceSchema } from '../compliance/config.ts'
import { identitiesSchema, identityRolesSchema } from '../core/config/identities.ts'
import { logSchema } from '../core/config/log.ts'
import { postureSchema } from '../core/config/posture.ts'
import { trustZonesSchema } from '../core/config/trust-zones.ts'
import { exporterSchema } from '../exporter/config.ts'
import { policySchema } from '../policy/config.ts'
import { remediationSchema } from '../remediation/config.ts'
import { webSchema } from '../service/http/config.ts'

/** The schema of clawtrust.yml: shared sections, and one section for each part. */
export const configSchema = z.strictObject({
  log: logSchema,
  trust_zones: trustZonesSchema,
  posture: postureSchema,
  identities: identitiesSchema,
  identity_roles: identityRolesSchema,
  web: webSchema,
  exporter: exporterSchema,
  remediation: remediationSchema,
  compliance: complianceSchema,
  policy: policySchema,
})

export type Config = z.output<typeof configSchema>
