import { describe, expect, it } from '@jest/globals'
import { generated, panels } from './generated.ts'

interface Transformed {
  readonly transformations?: readonly { readonly id: string; readonly options: Readonly<Record<string, string>> }[]
  readonly targets: readonly { readonly legendFormat?: string }[]
}

/** The name of a series as Grafana shows it: its legend with the labels, and then the renames of the panel. */
function nameOf(panel: Transformed, labels: Readonly<Record<string, string>>): string {
  const legend = panel.targets[0]?.legendFormat ?? ''
  const name = legend.replace(/{{(\w+)}}/g, (_, label) => labels[label] ?? '')
  const renames = (panel.transformations ?? []).filter(({ id }) => id === 'renameByRegex')
  return renames.reduce((text, { options: { regex = '', renamePattern = '' } }) => {
    const [, source = regex, flags = ''] = /^\/(.*)\/(\w*)$/.exec(regex) ?? []
    return text.replace(new RegExp(source, flags), renamePattern)
  }, name)
}

describe('the legends of Remediation are words', () => {
  const remediation = generated.find(({ uid }) => uid === 'clawtrust-remediation')
  const panelOf = (title: string) => remediation?.panels.find(panel => panel.title === title) as unknown as Transformed

  it.each([
    ['Actions', { action: 'block', mode: 'observe', result: 'would' }, 'block: recorded only (mode observe)'],
    ['Actions', { action: 'block', mode: 'enforce', result: 'applied' }, 'block: applied (mode enforce)'],
    ['Actions', { action: 'request', mode: '', result: 'sent' }, 'request: sent'],
    ['Deliveries', { sender: 'alertmanager', result: 'too_large' }, 'alertmanager: too large'],
    ['Alerts', { result: 'unmatched' }, 'unmatched'],
  ])('%s: %j', (title, labels, name) => {
    expect(nameOf(panelOf(title), labels)).toBe(name)
  })
})

it.each(panels)('%s: "%s" has no coloured text, which may not contrast with the theme', (_uid, _title, panel) => {
  expect(JSON.stringify(panel)).not.toContain('"color-text"')
})

it('shows severities in no yellow', () => {
  const posture = JSON.stringify(generated.find(({ uid }) => uid === 'clawtrust-posture'))
  expect(posture).toContain('"dark-yellow"')
  expect(posture).not.toContain('"yellow"')
})
