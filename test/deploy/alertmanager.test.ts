import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { parseDuration } from '../../core/time/duration.ts'
import { builtInPlaybooks } from '../../remediation/steps/built-in-playbooks.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

interface Route {
  readonly receiver: string
  readonly repeat_interval?: string
  readonly routes?: readonly Route[]
}

it('the shipped Alertmanager delivers to remediation again as often as docs/remediation.md says', () => {
  const { route } = parse(read('deploy/alertmanager/alertmanager.yml')) as { readonly route: Route }
  const interval = route.routes?.find(({ receiver }) => receiver === 'clawtrust-remediation')?.repeat_interval
  const page = read('docs/remediation.md')
  expect(page).toContain(`      repeat_interval: ${interval} `)
  expect(page).toContain(`The shipped configuration has ${interval?.replace('m', ' min')} for this receiver`)
  // The first delivery after the quiet time renews a block: rarer ones would let an attacker in for much longer.
  for (const { alertRange } of builtInPlaybooks('observe', [])) {
    expect(parseDuration(interval ?? '')).toBeLessThanOrEqual(alertRange / 2)
  }
})
