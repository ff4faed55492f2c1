import { spawnSync } from 'node:child_process'

/** What `promtool check metrics` says about an exposition: nothing where it is correct and well named. */
export function checkMetrics(exposition: string, promtool = 'promtool'): string {
  const { stdout, stderr, status, error } = spawnSync(promtool, ['check', 'metrics'], {
    input: exposition,
    encoding: 'utf8',
  })
  if (error) throw error
  const words = `${stdout}${stderr}`.trim()
  return status === 0 || words !== '' ? words : `promtool ended with ${status}`
}
