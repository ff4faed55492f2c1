import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { parse, parseAllDocuments } from 'yaml'
import { configSchema } from '../../cli/config-schema.ts'
import { isCron } from '../../compliance/schedule/due.ts'
import { isKnownHost } from '../../service/http/request-host.ts'

interface Volume {
  readonly secret?: { readonly items?: readonly { readonly path: string }[] }
  readonly persistentVolumeClaim?: { readonly claimName: string }
}

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: {
    readonly ports?: readonly { readonly port: number }[]
    readonly schedule?: string
    readonly concurrencyPolicy?: string
    readonly jobTemplate?: {
      readonly spec: {
        readonly template: {
          readonly spec: {
            readonly securityContext: unknown
            readonly containers: readonly { readonly args: readonly string[] }[]
            readonly volumes: readonly Volume[]
          }
        }
      }
    }
    readonly template?: {
      readonly spec: {
        readonly securityContext: unknown
        readonly containers: readonly { readonly args: readonly string[] }[]
        readonly volumes: readonly Volume[]
      }
    }
  }
}

const file = new URL('../../deploy/kubernetes/clawtrust.yml', import.meta.url)
const manifests = parseAllDocuments(readFileSync(file, 'utf8')).map(document => document.toJS() as Manifest)
const of = (kind: string) => manifests.filter(manifest => manifest.kind === kind)
const config = (service: string) => configSchema.parse(parse(of('ConfigMap')[0]?.data?.[`${service}.yml`] ?? ''))
const [exporter, remediation] = [config('exporter'), config('remediation')]

it.each([
  ['exporter', 9847],
  ['remediation', 9848],
] as const)('the Kubernetes example lets in at %s who uses the name of its Service, and a probe', (name, port) => {
  const machine = `clawtrust-${name}-0`
  const hosts = { listen: '::', machine, configured: config(name).web.allowed_hosts }
  const service = `clawtrust-${name}`
  expect(of('Service').map(({ metadata, spec }) => `${metadata.name}:${spec?.ports?.[0]?.port}`)).toContain(
    `${service}:${port}`,
  )
  for (const host of [`${service}:${port}`, `${service}.monitoring.svc:${port}`, `10.1.2.3:${port}`])
    expect([host, isKnownHost(host, hosts)]).toEqual([host, true])
  expect(isKnownHost(`${service}.attacker.example`, hosts)).toBe(false)
})

it('the Kubernetes example starts each service with its own configuration', () => {
  const args = of('StatefulSet').map(({ spec }) => spec?.template?.spec.containers[0]?.args.slice(0, 3))
  expect(args).toEqual(['exporter', 'remediation'].map(name => [name, '--config.file', `/etc/clawtrust/${name}.yml`]))
})

it('the Kubernetes example gives commands and deliveries to nobody without a token, and none to remediation', () => {
  expect(remediation.remediation.webhook.bearer_token_file).toBeDefined()
  for (const { web } of [exporter, remediation]) expect(web.roles?.scrape.bearer_token_file).toBeDefined()
  for (const role of ['command', 'deliver'] as const) {
    expect(exporter.web.roles?.[role].bearer_token_file).toBe(`/run/secrets/clawtrust/${role}_token`)
    expect(remediation.web.roles?.[role]).toEqual({ anyone: false, users: [], certificates: [] })
  }
})

it('the Kubernetes example runs as an ordinary user who owns the volume of the state', () => {
  const sets = of('StatefulSet')
  expect(sets).toHaveLength(2)
  for (const { spec } of sets)
    expect(spec?.template?.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 })
})

const report = config('report')
const job = of('CronJob')[0]?.spec
const pod = job?.jobTemplate?.spec.template.spec

it('the Kubernetes example makes reports by a CronJob, one at a time, into a volume of their own', () => {
  expect(pod?.containers[0]?.args).toEqual(['report', '--once', '--config.file', '/etc/clawtrust/report.yml'])
  expect([job?.concurrencyPolicy, isCron(job?.schedule ?? '')]).toEqual(['Forbid', true])
  expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 })
  const claims = pod?.volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [])
  expect(claims).toEqual(of('PersistentVolumeClaim').map(({ metadata }) => metadata.name))
  expect(report.compliance.output_dir).toBe('/var/lib/clawtrust/reports')
  expect(report.compliance.schedule.lease).toBe('elasticsearch')
})

const secretsOf = (volumes: readonly Volume[] = []) =>
  volumes.flatMap(({ secret }) => secret?.items?.map(({ path }) => path) ?? []).sort()

const mounted = [...of('StatefulSet').map(({ spec }) => spec?.template?.spec), pod].map(spec =>
  secretsOf(spec?.volumes),
)

it('the Kubernetes example mounts into each service the secrets that it reads, and no other', () => {
  const read = (...sections: readonly unknown[]) =>
    [...JSON.stringify(sections).matchAll(/\/run\/secrets\/clawtrust\/(\w+)/g)].map(([, name]) => name).sort()
  expect(mounted).toEqual([
    read(exporter.web, exporter.exporter),
    read(remediation.web, remediation.remediation),
    read(report.compliance),
  ])
})

it('docs/deploy.md makes each secret of the Kubernetes example', () => {
  const page = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8')
  for (const secret of new Set(mounted.flat())) expect(page).toContain(`--from-file=${secret}`)
})
