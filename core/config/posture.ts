import { z } from 'zod'
import { DAY_MS, HOUR_MS } from '../clock.ts'
import { isOlderVersion } from '../versions.ts'
import { matchers } from './matchers.ts'
import { duration, parsed, text } from './schema.ts'

/** A version that others can be compared with, as text. */
const version = () =>
  parsed({ expects: 'a version such as 2026.9.6', placeholder: '<version>' }, value =>
    isOlderVersion(value, '0') === undefined ? undefined : value,
  )

const desiredStateSchema = z.strictObject({
  gateway: matchers('Gateways to which it applies; without it, all. The first entry that matches a gateway applies.'),
  openclaw_version: version().exactOptional().describe('Least version of OpenClaw.'),
  node_version: version().exactOptional().describe('Least version of Node.js.'),
  forbidden_flags: matchers('Dangerous flags of the configuration that must not be enabled, by their path.'),
  allowed_suppressions: z
    .array(text())
    .exactOptional()
    .describe('Checks of the security audit that may be suppressed; each other suppression is a finding.'),
  plugins: z.array(text()).exactOptional().describe('The plugins that the gateway must have, and no others.'),
  config_hashes: z
    .array(text())
    .min(1)
    .exactOptional()
    .describe('SHA-256 hashes of the configurations that are approved, as in the configuration trail of OpenClaw.'),
})

const deviceRequirementsSchema = z.strictObject({
  platform: matchers(
    'Platforms to which it applies, such as `darwin`; without it, all. The first entry that matches applies.',
  ),
  os_version: version().exactOptional().describe('Least version of the operating system.'),
  patch_level: version().exactOptional().describe('Least patch level, such as `2026.11` or `2026-11`.'),
  agents: z.array(text()).exactOptional().describe('Security agents that must run, by the names in the inventory.'),
  disk_encryption: z.boolean().exactOptional().describe('Whether every disk must be encrypted.'),
  compliant: z
    .boolean()
    .exactOptional()
    .describe('Whether the management of the device must say that it is compliant.'),
})

/** Section `posture`. */
export const postureSchema = z
  .strictObject({
    max_age: duration(HOUR_MS, 30 * DAY_MS)
      .prefault('26h')
      .describe('Age at which a snapshot is not valid any more: the posture is then unknown, not good.'),
    desired_state: z
      .array(desiredStateSchema)
      .prefault([])
      .describe(
        'What gateways must be like. Each difference is a finding of the producer `desired-state`, and so is a requirement that no valid record reports on.',
      ),
    device_requirements: z
      .array(deviceRequirementsSchema)
      .prefault([])
      .describe(
        'What devices must be like to be trusted. One that does not meet a requirement is untrusted; one of which nothing reports on a requirement is unknown.',
      ),
  })
  .prefault({})
  .describe('Posture of gateways: snapshots of findings, and the desired state.')

export type PostureConfig = z.output<typeof postureSchema>
export type DeviceRequirements = z.output<typeof deviceRequirementsSchema>
export type DesiredState = z.output<typeof desiredStateSchema>
