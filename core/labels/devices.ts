/** Whether a device meets the requirements; `unknown` where no valid record says so. */
export const devicePostures = ['trusted', 'untrusted', 'unknown'] as const
export type DevicePosture = (typeof devicePostures)[number]

/** What records report of a device, each a list of texts. */
export const deviceFacts = [
  'platform',
  'os_version',
  'patch_level',
  // security agents that run
  'agents',
  // disks that are not encrypted: none is good
  'unencrypted_disks',
  // the verdict of the system that manages the device: true or false
  'compliant',
] as const
export type DeviceFact = (typeof deviceFacts)[number]
