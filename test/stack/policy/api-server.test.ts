import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { TargetForm } from '../../../policy/compile/registry.ts'
import { targetForms } from '../../../policy/compile/registry.ts'
import type { ResolvedPolicy } from '../../../policy/language/resolved.ts'
import { fetchedProgram } from '../../../tools/components/components.ts'
import { kubernetes } from '../../../tools/components/kubernetes.ts'
import { policies } from '../../policy/arbitraries.ts'
import { clusterPolicies } from '../../policy/compile/cluster-cases.ts'
import { type Manifest, objectsOf } from '../../policy/compile/models/cluster.ts'
import { host, label, namespace, network, policy, rule, tcp, to, zone, zoneOf } from '../../policy/fixtures.ts'
import { eventually } from '../servers/eventually.ts'
import { type Answer, type ApiServer, startApiServer } from './api-server.ts'
import { customKinds, definitionOf } from './custom-resources.ts'

const NAMESPACE = 'prod'
const POLICIES = 20
const [apiServer, etcd] = ['kube-apiserver', 'etcd'].map(program => fetchedProgram(kubernetes, program))
const schemas = fileURLToPath(new URL('../../../../shared/schemas/kubernetes/', import.meta.url))

const forms = targetForms.filter(({ target }) => target.isNamespaced)
const isBuiltIn = ({ target }: TargetForm) => target.name === 'kubernetes'

/** Why a test of a target cannot run here. */
function missing(form: TargetForm): string | undefined {
  if (apiServer === undefined || etcd === undefined) return 'npm run fetch:components builds the API server'
  return isBuiltIn(form) || existsSync(schemas) ? undefined : 'schemas/kubernetes is not beside the clone'
}

const runnable = forms.filter(form => missing(form) === undefined)
for (const form of forms) {
  const reason = missing(form)
  if (reason !== undefined) it.skip(`an API server of Kubernetes accepts ${form.name} [skipped: ${reason}]`, () => {})
}
const describeWhereItRuns = runnable.length > 0 ? describe : describe.skip

/** One rule of each kind of end that a cluster has. */
const whole = policy({
  identityLabel: 'app',
  zones: [zoneOf('agents', [namespace(NAMESPACE), label('app', 'agent')]), zoneOf('data', [network('10.20.0.0/16')])],
  rules: [
    rule('query', [[zone(0)]], [to([zone(1)], tcp(5_432, 5_440))]),
    rule('models', [[zone(0)]], [to([host('*.example.com')], tcp(443))], { isTls: true }),
    rule('scrape', [[namespace('monitoring')]], [to([zone(0)], tcp(9_100))]),
  ],
})

describeWhereItRuns('an API server of Kubernetes', () => {
  let server: ApiServer

  beforeAll(async () => {
    server = await startApiServer({ apiServer: apiServer ?? '', etcd: etcd ?? '' })
    const created = [await server.ask('POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE } })]
    if (existsSync(schemas)) {
      for (const kind of customKinds) {
        const definition = definitionOf(kind, join(schemas, kind.file))
        created.push(await server.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition))
      }
      for (const { group, version, plural } of customKinds) {
        const path = `/apis/${group}/${version}/namespaces/${NAMESPACE}/${plural}`
        await eventually(`${path} is served`, async () => (await server.ask('GET', path)).status === 200 || undefined)
      }
    }
    expect(created.map(refusalOf)).toEqual(created.map(() => undefined))
  }, 120_000)

  afterAll(() => server?.stop(), 60_000)

  const dryRun = (object: Manifest) =>
    server.ask('POST', `${collectionOf(object)}?dryRun=All&fieldValidation=Strict`, object)
  const compiled = ({ target, isStaged }: TargetForm, one: ResolvedPolicy) =>
    objectsOf(target.compile(one, { isStaged, namespace: NAMESPACE, today: '2026-11-30' }).text)

  it.each(runnable)(
    `accepts $name, compiled of ${2 * POLICIES} random policies`,
    async form => {
      const seed = Date.now() % 2 ** 31
      const several = [clusterPolicies, policies].flatMap(of => fc.sample(of, { numRuns: POLICIES, seed }))
      const refused: object[] = []
      let accepted = 0
      for (const one of several) {
        for (const object of compiled(form, one)) {
          const refusal = refusalOf(await dryRun(object))
          if (refusal === undefined) accepted += 1
          else refused.push({ refusal, object })
        }
      }
      expect({ seed, refused }).toEqual({ seed, refused: [] })
      expect(accepted).toBeGreaterThan(several.length)
    },
    120_000,
  )

  it.each(runnable)(
    'keeps $name where it is applied, and changes nothing where it is applied again',
    async form => {
      const apply = async () => {
        const versions: string[] = []
        for (const object of compiled(form, whole)) {
          const path = `${collectionOf(object)}/${object.metadata.name}?fieldManager=test&fieldValidation=Strict`
          const answer = await server.ask('PATCH', path, object)
          expect(refusalOf(answer)).toBeUndefined()
          expect(answer.body.spec ?? answer.body.specs).toMatchObject(object.spec ?? object.specs)
          versions.push(answer.body.metadata.resourceVersion)
        }
        return versions
      }
      const first = await apply()
      // The default deny, and a rule at least.
      expect(first.length).toBeGreaterThan(1)
      expect(await apply()).toEqual(first)
    },
    60_000,
  )

  it.each(runnable)('refuses $name with a key that there is none, and with a value of the wrong form', async form => {
    const [object] = compiled(form, whole)
    const body = object.spec
    const wrong = { ...body, ...wrongParts[form.target.name] }
    expect(refusalOf(await dryRun({ ...object, spec: { ...body, everything: true } }))).toContain('everything')
    expect(refusalOf(await dryRun({ ...object, spec: wrong }))).toMatch(/[Ii]nvalid|Unsupported value/)
  })
})

const wrongParts: Readonly<Record<string, object>> = {
  cilium: { egress: [{ toCIDRSet: [{ cidr: 'nope' }] }] },
  calico: { egress: [{ action: 'Admit' }] },
  kubernetes: { egress: [{ to: [{ ipBlock: { cidr: 'nope' } }] }] },
}

/** Why an object was refused. */
const refusalOf = ({ status, body }: Answer): string | undefined =>
  status === 200 || status === 201 ? undefined : `${status} ${body.message ?? body}`

function collectionOf({ apiVersion, kind }: Manifest): string {
  const custom = customKinds.find(one => one.kind === kind && apiVersion === `${one.group}/${one.version}`)
  return `/apis/${apiVersion}/namespaces/${NAMESPACE}/${custom?.plural ?? 'networkpolicies'}`
}
