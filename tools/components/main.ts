/**
 * `npm run fetch:components`: builds the programs that tests run in addition to Debian's packages from their Go modules,
 * into a cache outside the clone. Tests that need one are skipped without it.
 */
import { spawnSync } from 'node:child_process'
import { buildCollector, collector } from './collector.ts'
import { type Component, components, fetchComponent } from './components.ts'
import { buildFilebeat, filebeat } from './filebeat.ts'
import { buildKubernetes, kubernetes } from './kubernetes.ts'

const say = (line: string) => console.error(`clawtrust: ${line}`)

if (spawnSync('go', ['version']).status !== 0) {
  say(
    'components are built with Go, which is not on the PATH: install it from https://go.dev or as the package golang.',
  )
  process.exit(1)
}
const announce = ({ module, version }: Component) => say(`${module} ${version}; the first build takes many minutes`)
for (const component of components) {
  announce(component)
  fetchComponent(component)
}
const withOwnBuild = [
  [collector, buildCollector],
  [filebeat, buildFilebeat],
  [kubernetes, buildKubernetes],
] as const
for (const [component, build] of withOwnBuild) {
  announce(component)
  fetchComponent(component, undefined, build)
}
