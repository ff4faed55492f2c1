import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from '@jest/globals'
import { parse, parseAllDocuments } from 'yaml'
import { configSchema } from '../../cli/config-schema.ts'
import { names } from '../../elastic/templates/names.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')

/** Everything that users copy or start, and the pages that describe it. */
const shipped = globSync(['docker-compose*.yml', 'deploy/**/*.{yml,conf,md}', 'elastic/shippers/*', 'docs/**/*.md'], {
  cwd: root,
}).filter(path => !path.startsWith('deploy/secrets'))

const shippers = globSync('elastic/shippers/*', { cwd: root })

it.each(shipped)("%s gives OpenClaw's logs the names of the index template", path => {
  const named = read(path).match(/logs-openclaw[\w.@*<>-]*/g) ?? []
  expect(named.filter(name => !name.startsWith(names.indexTemplate))).toEqual([])
})

it.each(shippers)('%s writes into a data stream of the index template', path => {
  // Logstash names the parts of a data stream.
  const parts = `data_stream_dataset => "${names.dataset}"`
  expect([names.defaultStream, parts].filter(name => read(path).includes(name))).toHaveLength(1)
})

const manifests = parseAllDocuments(read('deploy/kubernetes/clawtrust.yml')).map(document => document.toJS())
const configurations: readonly [string, string][] = [
  ['deploy/clawtrust/clawtrust.yml', read('deploy/clawtrust/clawtrust.yml')],
  ['deploy/kubernetes/clawtrust.yml', manifests.find(({ kind }) => kind === 'ConfigMap').data['exporter.yml']],
]

it.each(configurations)('%s reads the pattern that the roles grant', (_path, text) => {
  const { sources } = configSchema.parse(parse(text)).exporter
  expect(sources.map(source => (source.type === 'elasticsearch' ? source.index : []))).toEqual([[names.pattern]])
})
