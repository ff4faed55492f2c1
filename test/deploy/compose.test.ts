import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { configSchema } from '../../cli/config-schema.ts'
import { isKnownHost } from '../../service/http/request-host.ts'
import { describeWithCapture } from '../requirements.ts'

interface Service {
  readonly image?: string
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly secrets?: readonly string[]
  readonly group_add?: readonly string[]
  readonly healthcheck?: unknown
  readonly environment?: Readonly<Record<string, string>>
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
}

const at = (path: string) => new URL(`../../${path}`, import.meta.url)
const read = (path: string) => readFileSync(at(path), 'utf8')
const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose
const services = Object.entries(compose.services)

/** Made by a build, not checked in. */
const BUILT = './grafana-plugin/dist'

describeWithCapture('schemas/compose/compose-spec.json', 'docker-compose.yml', schemaFile => {
  it('keeps to the Compose specification', () => {
    // Ajv knows the address of draft 7 without TLS only; draft 7 is what it takes by itself.
    const { $schema: _, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8'))
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema)
    validate(compose)
    expect(validate.errors).toBeNull()
    expect(validate({ ...compose, services: { broken: { image: 1 } } })).toBe(false)
  })
})

it.each(services)('%s has a pinned image and a health check, and is published on loopback only', (_name, service) => {
  expect(service.image).toMatch(/:v?\d+\.\d+\.\d+$/)
  expect(service.healthcheck).toBeDefined()
  for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
})

it.each(services)('%s mounts files that are there', (_name, { volumes = [] }) => {
  for (const source of volumes.map(volume => volume.split(':')[0] ?? '')) {
    if (source.startsWith('.') && source !== BUILT) expect([source, existsSync(at(source))]).toEqual([source, true])
  }
})

it.each(services)('%s gets its secrets as files that the page names', (_name, { secrets = [], environment = {} }) => {
  for (const secret of secrets) {
    expect(compose.secrets[secret]?.file).toBe(`./deploy/secrets/${secret}`)
    expect(read('docs/deploy.md')).toContain(`\`${secret}\``)
  }
  const named = Object.entries(environment).filter(([key]) => /PASSWORD|TOKEN|KEY/.test(key))
  for (const [key, value] of named)
    expect([key, value]).toEqual([expect.stringMatching(/_FILE$/), expect.stringMatching(/^\/run\/secrets\//)])
})

/** Whose images run as user 1000, to whom the secrets belong; the others have users of their own. */
const ownersOfSecrets = ['elasticsearch', 'exporter', 'remediation']

it.each(services)('%s may read its secrets', (name, { secrets = [], group_add = [] }) => {
  if (secrets.length > 0 && !ownersOfSecrets.includes(name)) expect(group_add).toEqual(['1000'])
})

it('keeps secrets out of git and out of the image', () => {
  for (const file of ['.gitignore', '.dockerignore']) expect(read(file)).toMatch(/^deploy\/secrets/m)
})

it('gives clawtrust a configuration that it accepts', () => {
  expect(configSchema.safeParse(parse(read('deploy/clawtrust/clawtrust.yml'))).error).toBeUndefined()
})

it('lets Prometheus, Alertmanager and the health checks in by the names that they use', () => {
  const { web } = configSchema.parse(parse(read('deploy/clawtrust/clawtrust.yml')))
  const hosts = { listen: '::', machine: '3f2a9c0d1e5b', configured: web.allowed_hosts }
  const texts = ['deploy/prometheus/prometheus.yml', 'deploy/alertmanager/alertmanager.yml', 'docker-compose.yml']
  const targets = texts.flatMap(file => read(file).match(/[\w.-]+:98(?:47|48)/g) ?? [])
  expect(targets).toEqual(expect.arrayContaining(['exporter:9847', 'remediation:9848', '127.0.0.1:9847']))
  expect(targets.filter(target => !isKnownHost(target, hosts))).toEqual([])
  expect(isKnownHost('exporter.attacker.example:9847', hosts)).toBe(false)
})

it('gives each right to somebody or to nobody, and Prometheus the token that it needs', () => {
  const { web } = configSchema.parse(parse(read('deploy/clawtrust/clawtrust.yml')))
  const token = web.roles?.scrape.bearer_token_file
  expect(token).toBe('/run/secrets/scrape_token')
  expect([web.roles?.command.anyone, web.roles?.deliver.anyone]).toEqual([false, false])
  const { scrape_configs } = parse(read('deploy/prometheus/prometheus.yml'))
  for (const { job_name, authorization } of scrape_configs)
    if (job_name.startsWith('clawtrust')) expect([job_name, authorization?.credentials_file]).toEqual([job_name, token])
  for (const name of ['exporter', 'remediation', 'prometheus'])
    expect(compose.services[name]?.secrets).toContain('scrape_token')
})

it('runs clawtrust as an ordinary user', () => {
  expect(read('deploy/Dockerfile')).toMatch(/^USER node$/m)
})
