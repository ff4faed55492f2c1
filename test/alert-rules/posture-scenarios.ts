import { at, counter, gauge, type Scenario } from './scenario.ts'

const critical = { severity: 'critical' }

/** Of the alerts on drifts, findings and devices. */
export const postureScenarios: readonly Scenario[] = [
  counter(
    'ClawtrustPrivilegeUpgrade',
    'clawtrust_posture_drifts_total',
    at({ kind: 'scope_upgrade' }),
    { severity: 'high' },
    [0, 1],
    15,
  ),
  counter(
    'ClawtrustIntegrityDrift',
    'clawtrust_posture_drifts_total',
    at({ kind: 'config_anomaly' }),
    { severity: 'high' },
    [0, 1],
    15,
  ),
  counter(
    'ClawtrustPostureDrift',
    'clawtrust_posture_drifts_total',
    at({ kind: 'config_write' }),
    { severity: 'high' },
    [0, 1],
    15,
  ),
  gauge('ClawtrustPostureFindings', 'clawtrust_posture_findings', at({ check: 'fs' }), critical, [0, 0, 1]),
  gauge('ClawtrustPostureUnknown', 'clawtrust_posture_snapshot_valid', at({ producer: 'p' }), {}, [1, 1, 0]),
  gauge(
    'ClawtrustIdentityTooWide',
    'clawtrust_posture_findings',
    at({ check: 'identity.scope_wide' }),
    { severity: 'high' },
    [0, 0, 2],
    '2',
  ),
  gauge(
    'ClawtrustIdentityStale',
    'clawtrust_posture_findings',
    at({ check: 'identity.unused' }),
    { severity: 'medium' },
    [0, 0, 2],
    '2',
  ),
  gauge('ClawtrustDeviceUntrusted', 'clawtrust_device_untrusted', at({ device: 'laptop-7' }), {}, [0, 0, 1]),
]
