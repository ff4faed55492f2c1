import { describe, expect, it } from '@jest/globals'
import { changeSeverity } from '../../../../../decoding/dialects/openclaw-log/templates/sensitive-paths.ts'

describe('the severity of a configuration change', () => {
  it.each([
    ['tools.elevated.enabled', 'high'],
    ['tools', 'high'],
    ['gateway', 'high'],
    ['ui.theme, gateway.auth.mode', 'high'],
    ['ui.theme', 'medium'],
    ['toolsmith.enabled', 'medium'],
    ['plugins.installs', 'medium'],
    ['', 'medium'],
  ])('of %j is %s', (paths, severity) => {
    expect(changeSeverity(paths)).toBe(severity)
  })
})
