import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { parse, parseAllDocuments } from 'yaml'
import { configSchema } from '../../cli/config-schema.ts'
import { isKnownHost } from '../../service/http/request-host.ts'

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: {
    readonly ports?: readonly { readonly port: number }[]
    readonly template?: {
      readonly spec: {
        readonly securityContext: unknown
        readonly volumes: readonly { readonly secret?: { readonly items?: readonly { readonly path: string }[] } }[]
      }
    }
  }
}

const file = new URL('../../deploy/kubernetes/clawtrust.yml', import.meta.url)
const manifests = parseAllDocuments(readFileSync(file, 'utf8')).map(document => document.toJS() as Manifest)
const of = (kind: string) => manifests.filter(manifest => manifest.kind === kind)
const config = configSchema.parse(parse(of('ConfigMap')[0]?.data?.['clawtrust.yml'] ?? ''))

it('the Kubernetes example lets Prometheus in by the name of each Service, and a probe by the address of the pod', () => {
  const hosts = { listen: '::', machine: 'clawtrust-exporter-0', configured: config.web.allowed_hosts }
  const services = of('Service').map(({ metadata, spec }) => `${metadata.name}:${spec?.ports?.[0]?.port}`)
  expect(services).toEqual(['clawtrust-exporter:9847', 'clawtrust-remediation:9848'])
  const named = services.flatMap(service => [service, service.replace(':', '.monitoring.svc:')])
  for (const host of [...named, '10.1.2.3:9847']) expect([host, isKnownHost(host, hosts)]).toEqual([host, true])
  expect(isKnownHost('clawtrust-exporter.attacker.example', hosts)).toBe(false)
})

it('the Kubernetes example gives commands and deliveries to nobody without a token', () => {
  const { web, remediation } = config
  expect(web.roles?.scrape.bearer_token_file).toBeDefined()
  expect(remediation.webhook.bearer_token_file).toBeDefined()
  expect([web.roles?.command.anyone, web.roles?.deliver.anyone]).toEqual([false, false])
})

it('the Kubernetes example runs as an ordinary user who owns the volume of the state', () => {
  const sets = of('StatefulSet')
  expect(sets).toHaveLength(2)
  for (const { spec } of sets)
    expect(spec?.template?.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 })
})

it('the Kubernetes example mounts into each service the secrets that it reads, and no other', () => {
  const read = (...sections: readonly unknown[]) =>
    [...JSON.stringify(sections).matchAll(/\/run\/secrets\/clawtrust\/(\w+)/g)].map(([, name]) => name).sort()
  const mounted = of('StatefulSet').map(({ spec }) =>
    spec?.template?.spec.volumes.flatMap(({ secret }) => secret?.items?.map(({ path }) => path) ?? []).sort(),
  )
  expect(mounted).toEqual([read(config.web, config.exporter), read(config.web, config.remediation)])
})
