/**
 * `npm run fetch:components`: builds the programs that tests run in addition to Debian's packages from their Go modules,
 * into a cache outside the clone. Tests that need one are skipped without it.
 */
import { spawnSync } from 'node:child_process'
import { components, fetchComponent } from './components.ts'

const say = (line: string) => console.error(`clawtrust: ${line}`)

if (spawnSync('go', ['version']).status !== 0) {
  say(
    'components are built with Go, which is not on the PATH: install it from https://go.dev or as the package golang.',
  )
  process.exit(1)
}
for (const component of components) {
  say(`${component.module} ${component.version}; the first build takes many minutes`)
  fetchComponent(component)
}
