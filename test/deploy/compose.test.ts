import { existsSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { configSchema } from '../../cli/config-schema.ts'
import { CONTAINER_USER, deploySecrets, receiverUrl } from '../../cli/deploy-init.ts'
import { names } from '../../elastic/templates/names.ts'
import { isKnownHost } from '../../service/http/request-host.ts'
import { describeWithCapture } from '../requirements.ts'

interface Mount {
  readonly type: string
  readonly source: string
  readonly target: string
  readonly read_only?: boolean
  readonly bind?: { readonly create_host_path: boolean }
}

interface Service {
  readonly image?: string
  readonly build?: { readonly dockerfile: string; readonly target?: string }
  readonly user?: string
  readonly profiles?: readonly string[]
  readonly ports?: readonly string[]
  readonly volumes?: readonly (string | Mount)[]
  readonly networks?: readonly string[]
  readonly extra_hosts?: readonly string[]
  readonly network_mode?: string
  readonly cap_drop?: readonly string[]
  readonly cap_add?: readonly string[]
  readonly security_opt?: readonly string[] | null
  readonly group_add?: readonly string[]
  readonly command?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string; readonly required?: boolean }>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly environment?: Readonly<Record<string, string>>
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>
}

const at = (path: string) => new URL(`../../${path}`, import.meta.url)
const read = (path: string) => readFileSync(at(path), 'utf8')
/** Removes the value of the first file. */
const reset = { tag: '!reset', resolve: () => null }
const composed = (path: string) => parse(read(path), { merge: true, customTags: [reset] }) as Compose
const compose = composed('docker-compose.yml')
const services = Object.entries(compose.services)
const service = (name: string): Service => compose.services[name] ?? {}

/** They do their work and end. */
const ONE_SHOT = ['init', 'setup']
/** Made by a build, not checked in. */
const BUILT = './grafana-plugin/dist'
const SECRETS = './deploy/secrets/'

/** What a service mounts of the host: its own path, and where the service sees it. */
const mounts = ({ volumes = [] }: Service) =>
  volumes.flatMap(volume => {
    if (typeof volume !== 'string') return [{ from: volume.source, to: volume.target }]
    const [from = '', to = ''] = volume.split(':')
    return from.startsWith('.') ? [{ from, to }] : []
  })

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

it.each(services)('%s has a pinned image and a health check, and is published on loopback only', (name, one) => {
  expect(one.image).toMatch(/:v?\d+\.\d+\.\d+$/)
  expect(one.healthcheck === undefined).toBe(ONE_SHOT.includes(name))
  for (const port of one.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
})

it.each(services)(
  '%s mounts folders that are there, so that a file that is renamed into them is seen',
  (_name, one) => {
    for (const { from } of mounts(one).filter(({ from }) => from.startsWith('.') && from !== BUILT)) {
      if (from.startsWith(SECRETS)) continue
      expect([from, existsSync(at(from)) && statSync(at(from)).isDirectory()]).toEqual([from, true])
    }
  },
)

const written = [...deploySecrets, receiverUrl].map(({ file }) => file)

it.each(services)('%s mounts only folders of secrets that `clawtrust deploy init` makes', (name, one) => {
  const folders = mounts(one).filter(({ from }) => from.startsWith(SECRETS))
  for (const { from, to } of folders) {
    const folder = from.slice(SECRETS.length)
    expect([from, written.some(file => file.startsWith(`${folder}/`))]).toEqual([from, true])
    expect(to).toBe(`/run/secrets/${folder}`)
  }
  expect(folders.length > 0).toBe(!['init'].includes(name))
})

/** The configuration of each service of clawtrust, besides that of the profile enforce. */
const configurations = { exporter: 'deploy/clawtrust/clawtrust.yml', remediation: 'deploy/clawtrust/remediation.yml' }

/** Where a service is told to read a secret, besides its command and its environment. */
const configured: Readonly<Record<string, string>> = {
  exporter: read(configurations.exporter),
  remediation: read(configurations.remediation),
  report: read('deploy/clawtrust/report.yml'),
  prometheus: read('deploy/prometheus/prometheus.yml'),
  alertmanager: read('deploy/alertmanager/alertmanager.yml').replaceAll(/#.*$/gm, ''),
}

it.each(services)('%s has the secrets that it is told to read, and no other', (name, one) => {
  const text = JSON.stringify([one.command ?? [], one.environment ?? {}]) + (configured[name] ?? '')
  const told = new Set(text.match(/\/run\/secrets\/\w+/g) ?? [])
  const mounted = mounts(one).flatMap(({ to }) => (to.startsWith('/run/secrets/') ? [to] : []))
  expect(mounted.sort()).toEqual([...told].sort())
  for (const value of Object.entries(one.environment ?? {}).filter(([key]) => /PASSWORD|TOKEN|KEY/.test(key)))
    expect(value).toEqual([expect.stringMatching(/_FILE$/), expect.stringMatching(/^\/run\/secrets\//)])
})

it.each(services)('%s has no capability but those that it needs, unless it is Elasticsearch', (name, one) => {
  if (name === 'elasticsearch') return
  expect([one.cap_drop, one.security_opt]).toEqual([['ALL'], ['no-new-privileges:true']])
  expect(one.cap_add !== undefined).toBe(['init', 'shipper'].includes(name))
})

it.each(services)('%s may read its secrets', (_name, one) => {
  const isUserOfSecrets = one.image?.startsWith('clawtrust:') === true && one.user === undefined
  const readsEverything = one.cap_add?.some(capability => ['DAC_READ_SEARCH', 'DAC_OVERRIDE'].includes(capability))
  expect(isUserOfSecrets || readsEverything === true || one.group_add?.includes(`${CONTAINER_USER}`)).toBe(true)
})

it('shows the exporter what others write for it, in a folder of the clone, and lets it change nothing there', () => {
  expect(service('exporter').volumes).toContain('./deploy/input:/input:ro')
  expect(existsSync(at('deploy/input/.gitignore'))).toBe(true)
  for (const file of ['.gitignore', '.dockerignore']) expect(read(file)).toMatch(/^deploy\/input/m)
})

it('keeps secrets out of git and out of the image, and their folder in the clone, so that no engine makes it as root', () => {
  for (const file of ['.gitignore', '.dockerignore']) expect(read(file)).toMatch(/^deploy\/secrets/m)
  expect(existsSync(at('deploy/secrets/.gitignore'))).toBe(true)
})

it('keeps out of the image what a reader of the pages writes in the clone, as it is kept out of git', () => {
  const [, written = ''] = read('.gitignore').split('# What a reader of README.md and docs/ writes in a clone\n')
  const ignored = read('.dockerignore').split('\n')
  const names = written.split('\n').filter(line => line !== '')
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter(name => !ignored.includes(name.replaceAll(/^\/|\/$/g, '')))).toEqual([])
})

it('waits for nothing that it can do without: one secret that is missing stops its own service alone', () => {
  const needed = services.flatMap(([name, { depends_on = {} }]) =>
    Object.entries(depends_on).map(([dependency, { required }]) => [name, dependency, required]),
  )
  expect(needed).toEqual([
    ['setup', 'elasticsearch', false],
    ['shipper', 'setup', false],
  ])
})

it('adopts what ends by itself, so that `up --wait` takes it for a success', () => {
  expect(service('shipper').depends_on?.setup?.condition).toBe('service_completed_successfully')
  expect(service('init').profiles).toEqual(['init'])
})

it('alerts about a service that Prometheus cannot scrape, also one that never started', () => {
  const { groups } = parse(read('deploy/prometheus/stack.rules.yml'))
  expect(groups[0].rules[0]).toMatchObject({ expr: 'up == 0', labels: { severity: 'critical' } })
  const { rule_files, scrape_configs } = parse(read('deploy/prometheus/prometheus.yml'))
  expect(rule_files).toContain('stack.rules.yml')
  const jobs = scrape_configs.map((job: { readonly job_name: string }) => job.job_name)
  expect(jobs).toEqual(expect.arrayContaining(['clawtrust', 'clawtrust-remediation', 'alertmanager']))
})

it("ships the gateway's logs as the user who may only append, into the stream that the exporter reads", () => {
  const { environment, volumes = [], cap_add } = service('shipper')
  expect(environment).toMatchObject({
    ELASTIC_INDEX: names.defaultStream,
    ELASTIC_USER: names.writerUser,
    ELASTIC_PASSWORD_FILE: '/run/secrets/shipper/password',
  })
  // $ is escaped in templates only.
  const logs = volumes.find(volume => typeof volume !== 'string')
  expect(logs).toMatchObject({
    source: '$' + '{OPENCLAW_LOGS:-/tmp/openclaw}',
    read_only: true,
    bind: { create_host_path: false },
  })
  expect(read('deploy/shipper/Dockerfile')).toContain(`OPENCLAW_LOGS=${(logs as Mount).target} `)
  expect(cap_add).toEqual(['DAC_READ_SEARCH'])
})

it('reads as the user who may only read', () => {
  const { sources } = configSchema.parse(parse(read('deploy/clawtrust/clawtrust.yml'))).exporter
  expect(sources).toEqual([
    expect.objectContaining({ username: names.readerUser, password_file: '/run/secrets/reader/password' }),
  ])
  expect(service('setup').command).toEqual(
    expect.arrayContaining(['--reader-password-file=/run/secrets/reader/password']),
  )
})

it('lets Alertmanager reach receivers outside, by a URL in a file that need not exist', () => {
  expect(service('alertmanager').networks).toEqual(['inside', 'outside'])
  expect([compose.networks.inside?.internal, compose.networks.outside?.internal]).toEqual([true, undefined])
  const { receivers, route } = parse(read('deploy/alertmanager/alertmanager.yml'))
  const people = receivers.find(({ name }: { readonly name: string }) => name === route.receiver)
  expect(people.slack_configs).toEqual([{ api_url_file: `/run/secrets/${receiverUrl.file}`, send_resolved: true }])
})

describe('the profile enforce', () => {
  const enforce = composed('docker-compose.enforce.yml').services
  const one = enforce.remediation ?? {}
  const listen = one.command?.find(part => part.startsWith('--web.listen-address='))?.slice(21) ?? ''

  it('has one capability, which only nft gets, in the network of the host', () => {
    expect(one).toMatchObject({ cap_add: ['NET_ADMIN'], network_mode: 'host', networks: null, ports: null })
    expect(one.security_opt).toBeNull()
    expect(service('remediation').cap_drop).toEqual(['ALL'])
    const stage =
      read('deploy/Dockerfile')
        .split(/^FROM /m)
        .find(text => text.startsWith('clawtrust AS enforce')) ?? ''
    expect(stage).toMatch(/setcap cap_net_admin\+ep \/usr\/sbin\/nft/)
    expect(stage).toMatch(/-perm \/6000 .* chmod ug-s/)
    expect(stage.match(/^USER \w+$/gm)).toEqual(['USER root', 'USER node'])
    expect(one.build?.target).toBe('enforce')
  })

  it('is healthy when it is ready, at the address where Prometheus and Alertmanager look for it', () => {
    expect(one.healthcheck?.test.at(-1)).toContain(`http://${listen}/-/ready`)
    const host = listen.replace(/:\d+$/, '')
    for (const name of ['prometheus', 'alertmanager'])
      expect(enforce[name]).toMatchObject({ networks: ['enforce'], extra_hosts: [`remediation:${host}`] })
  })

  it('has an Alertmanager that answers nobody without the password, and a Prometheus that has it', () => {
    const { command = [], volumes, healthcheck } = enforce.alertmanager ?? {}
    const own = '--web.config.file=/run/secrets/alertmanager/web.yml'
    expect(command).toContain(own)
    expect(command.filter(part => part !== own)).toEqual(service('alertmanager').command)
    expect(volumes).toEqual([`${SECRETS}alertmanager:/run/secrets/alertmanager:ro`])
    expect(healthcheck?.test.at(-1)).toContain(' 401 ')
    const { alerting, scrape_configs } = parse(read('deploy/prometheus/prometheus.yml'))
    const auth = { username: 'clawtrust', password_file: '/run/secrets/alertmanager/password' }
    const ofAlertmanager = ({ job_name }: { readonly job_name: string }) => job_name === 'alertmanager'
    for (const { basic_auth } of [...alerting.alertmanagers, ...scrape_configs.filter(ofAlertmanager)])
      expect(basic_auth).toEqual(auth)
  })

  it('shows its page to nobody without a token, because it listens on an address of the host', () => {
    const { web, remediation } = configSchema.parse(parse(read('deploy/clawtrust/enforce.yml')))
    expect(remediation.mode).toBe('enforce')
    expect(Object.values(web.roles ?? {}).map(({ anyone }) => anyone)).toEqual([false, false, false, false])
  })
})

describe.each(['deploy/Dockerfile', 'deploy/shipper/Dockerfile'])('%s', path => {
  const lines = read(path).split('\n')

  it('uses nothing that only BuildKit knows, and no registry but the public ones', () => {
    expect(lines.filter(line => /^# *syntax|--mount|--chmod|--link|--network|<</.test(line))).toEqual([])
    for (const image of lines.flatMap(line => /^FROM (\S+:\S+)/.exec(line)?.[1] ?? []))
      expect(image).toMatch(/^(?:node|debian):/)
  })

  it('has the licence in the image', () => expect(read(path)).toMatch(/^COPY .*LICENSE/m))
})

it('makes the layers of dependencies before those of sources, and runs clawtrust as an ordinary user', () => {
  const stages = read('deploy/Dockerfile').split(/^FROM /m)
  for (const stage of stages.filter(text => text.includes('npm install')))
    expect(stage).toMatch(/COPY package\.json package-lock\.json \.\/\n(?:#.*\n)*RUN npm install/)
  const main = stages.find(text => text.includes(' AS clawtrust\n')) ?? ''
  expect(main.indexOf('node_modules')).toBeLessThan(main.indexOf('./dist'))
  expect(main).toMatch(/^USER node$/m)
  expect(stages.at(-1)?.split('\n')[0]).toBe('clawtrust')
})

it('the images of clawtrust, also on Kubernetes, have the version of the package', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string }
  const files = ['docker-compose.yml', 'docker-compose.enforce.yml', 'deploy/kubernetes/clawtrust.yml']
  const tags = files.flatMap(file => [...read(file).matchAll(/image: clawtrust(?:-\w+)?:(\S+)/g)].map(([, tag]) => tag))
  expect(tags.length).toBeGreaterThan(files.length)
  expect(new Set(tags)).toEqual(new Set([version]))
})

it('docs/deploy.md lists every image with its tag', () => {
  const bases = ['deploy/Dockerfile', 'deploy/shipper/Dockerfile'].flatMap(path =>
    [...read(path).matchAll(/^FROM (\S+:\S+)/gm)].map(([, image = '']) => image),
  )
  const pulled = services.flatMap(([, { image = '' }]) => (image.startsWith('clawtrust') ? [] : [image]))
  const rows = read('docs/deploy.md').matchAll(/^\| `([^`]+:[^`]+)` \|.*\| not pulled \|$/gm)
  expect([...rows].map(([, image]) => image).sort()).toEqual([...new Set([...bases, ...pulled])].sort())
})

it('gives reports, in a profile of their own, a configuration that is accepted, their evidence and a folder that they may write', () => {
  const one = service('report')
  expect(one.profiles).toEqual(['report'])
  const { compliance, exporter, remediation, web } = configSchema.parse(parse(read('deploy/clawtrust/report.yml')))
  expect(one.volumes).toEqual(
    expect.arrayContaining([
      `exporter:${exporter.state_dir}:ro`,
      `remediation:${remediation.state_dir}:ro`,
      'reports:/var/lib/clawtrust',
    ]),
  )
  expect(compliance.output_dir).toBe('/var/lib/clawtrust/reports')
  expect(compliance.formats).not.toContain('pdf')
  expect(web.roles?.command).toEqual({ anyone: false, users: [], certificates: [] })
  expect(isKnownHost('report:9849', { listen: '::', machine: 'x', configured: web.allowed_hosts })).toBe(true)
  const { scrape_configs } = parse(read('deploy/prometheus/prometheus.yml'))
  const job = scrape_configs.find(({ job_name }: { readonly job_name: string }) => job_name === 'clawtrust-report')
  // Not static: a service that is not started must not be an alert.
  expect(job.dns_sd_configs).toEqual([{ names: ['report'], type: 'A', port: 9849 }])
})

it.each(Object.entries(configurations))('gives %s a configuration that it accepts, by its command', (name, file) => {
  expect(configSchema.safeParse(parse(read(file))).error).toBeUndefined()
  expect(service(name).command).toContain(file.replace('deploy/clawtrust/', '--config.file=/etc/clawtrust/'))
})

it.each(Object.entries(configurations))('lets in at %s who uses its name, and its health check', (name, file) => {
  const { web } = configSchema.parse(parse(read(file)))
  const hosts = { listen: '::', machine: '3f2a9c0d1e5b', configured: web.allowed_hosts }
  const texts = ['deploy/prometheus/prometheus.yml', 'deploy/alertmanager/alertmanager.yml', 'docker-compose.yml']
  const targets = texts.flatMap(text => read(text).match(/[\w.-]+:98(?:47|48)/g) ?? [])
  const own = targets.filter(target => target.startsWith(`${name}:`) || target.startsWith('127.0.0.1:'))
  expect(own.length).toBeGreaterThan(2)
  expect(own.filter(target => !isKnownHost(target, hosts))).toEqual([])
  expect(isKnownHost(`${name}.attacker.example:9847`, hosts)).toBe(false)
})

it('lets no sender of log records and nobody with the token of commands to the exporter into remediation', () => {
  const [exporter, remediation] = Object.values(configurations).map(file => configSchema.parse(parse(read(file))).web)
  for (const role of ['deliver', 'command'] as const) {
    expect(exporter?.roles?.[role].bearer_token_file).toBe(`/run/secrets/${role}/token`)
    expect(remediation?.roles?.[role]).toEqual({ anyone: false, users: [], certificates: [] })
  }
})

it.each(Object.values(configurations))('%s gives each right to somebody or to nobody, Prometheus the token', file => {
  const { web } = configSchema.parse(parse(read(file)))
  const token = web.roles?.scrape.bearer_token_file
  expect(token).toBe('/run/secrets/scrape/token')
  expect([web.roles?.command.anyone, web.roles?.deliver.anyone]).toEqual([false, false])
  const { scrape_configs } = parse(read('deploy/prometheus/prometheus.yml'))
  for (const { job_name, authorization } of scrape_configs)
    if (job_name.startsWith('clawtrust')) expect([job_name, authorization?.credentials_file]).toEqual([job_name, token])
  for (const name of ['exporter', 'remediation', 'prometheus'])
    expect(mounts(service(name)).map(({ from }) => from)).toContain(`${SECRETS}scrape`)
})
