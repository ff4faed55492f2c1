import type { DeviceRequirements } from '../../../core/config/posture.ts'
import type { DeviceFact, DevicePosture } from '../../../core/labels/devices.ts'
import { isOlderVersion } from '../../../core/versions.ts'
import type { DeviceFacts } from '../../../decoding/toolkit/device.ts'

/** Whether a device meets what is required of it. */
export interface DeviceAssessment {
  readonly posture: DevicePosture
  /** What is not met, or not known where nothing is unmet; for people. */
  readonly reasons: readonly string[]
}

/** `met`, or a sentence on what is not met. */
type Verdict = 'met' | { readonly unmet: string }

interface Requirement {
  readonly fact: DeviceFact
  readonly judge: (values: readonly string[]) => Verdict
}

/**
 * Untrusted where a requirement is not met, unknown where nothing reports on one. The first entry for the platform
 * applies. What manages the device may refuse it whatever is required, and decides where nothing is.
 */
export function assessDevice(entries: readonly DeviceRequirements[], facts: DeviceFacts): DeviceAssessment {
  const entry = entries.find(({ platform }) => platform === undefined || isAmong(platform, facts.platform))
  const requirements = entry === undefined ? [isCompliant] : requirementsOf(entry, facts)
  const unmet: string[] = []
  const unknown: string[] = []
  for (const { fact, judge } of requirements) {
    const values = facts[fact]
    const verdict = values === undefined || values.length === 0 ? judgeEmpty(fact, values, judge) : judge(values)
    if (verdict === undefined) unknown.push(`Nothing reports ${fact}.`)
    else if (verdict !== 'met') unmet.push(verdict.unmet)
  }
  if (unmet.length > 0) return { posture: 'untrusted', reasons: unmet }
  return { posture: unknown.length > 0 ? 'unknown' : 'trusted', reasons: unknown }
}

/** Lists may be empty; of anything else no value is none. */
function judgeEmpty(
  fact: DeviceFact,
  values: readonly string[] | undefined,
  judge: Requirement['judge'],
): Verdict | undefined {
  const isList = fact === 'agents' || fact === 'unencrypted_disks'
  return values !== undefined && isList ? judge(values) : undefined
}

const isCompliant: Requirement = {
  fact: 'compliant',
  judge: ([value]) => (value === 'true' ? 'met' : { unmet: 'Its management says that it is not compliant.' }),
}

function requirementsOf(entry: DeviceRequirements, facts: DeviceFacts): readonly Requirement[] {
  const { os_version, patch_level, agents, disk_encryption, compliant } = entry
  const requirements: Requirement[] = []
  if (os_version !== undefined) requirements.push({ fact: 'os_version', judge: least('os_version', os_version) })
  if (patch_level !== undefined) requirements.push({ fact: 'patch_level', judge: least('patch_level', patch_level) })
  if (agents !== undefined) requirements.push({ fact: 'agents', judge: all(agents) })
  if (disk_encryption === true) requirements.push({ fact: 'unencrypted_disks', judge: none })
  if (compliant === true || facts.compliant !== undefined) requirements.push(isCompliant)
  return requirements
}

/** Of a patch level such as `2026-11` too. */
const asVersion = (text: string) => text.replaceAll('-', '.')

const least =
  (fact: DeviceFact, wanted: string): Requirement['judge'] =>
  ([value = '']) => {
    const isMet = isOlderVersion(asVersion(value), asVersion(wanted)) === false
    return isMet ? 'met' : { unmet: `${fact} ${value} is older than ${wanted}.` }
  }

const all =
  (wanted: readonly string[]): Requirement['judge'] =>
  values => {
    const missing = wanted.filter(agent => !values.includes(agent))
    return missing.length === 0 ? 'met' : { unmet: `It runs without ${missing.join(', ')}.` }
  }

const none: Requirement['judge'] = values =>
  values.length === 0 ? 'met' : { unmet: `Not encrypted: ${values.join(', ')}.` }

const isAmong = (matchers: NonNullable<DeviceRequirements['platform']>, values: readonly string[] = []) =>
  values.some(value => matchers.some(one => (typeof one === 'string' ? one === value : one.test(value))))
