import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { isObject } from '../../../core/json.ts'
import type { SetupStep } from '../../../decoding/dialects/setup.ts'
import type { CoverageAnswer } from '../../../exporter/web/api/coverage.ts'
import { deployment } from '../../decoding/deployment.ts'
import { withCommands } from '../../requirements.ts'
import { Machine } from '../docs/machine.ts'
import { plainServer } from '../elasticsearch/plain-server.ts'
import { eventually } from '../servers/eventually.ts'
import { installPrograms, makeBare, paste, put, run, SECRET, snapshot, useProxies } from './whole-host.ts'

/** Members of what `clawtrust doctor --json` prints; docs/install.md describes them. */
interface Answer extends CoverageAnswer {
  readonly blind: boolean
  readonly exporter: { readonly running: boolean }
  readonly programs: readonly Program[]
}

interface Program {
  readonly program: string
  readonly facts: readonly string[]
  readonly unread: readonly {
    readonly dialect: string
    readonly configured: boolean
    readonly source: string | null
    readonly setup: readonly SetupStep[]
  }[]
}

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))
const LIMIT_MS = 240_000
/** Where nothing listens. */
const NOWHERE = '--web.url http://127.0.0.1:1/'

withCommands('nginx', 'haproxy', 'caddy', 'rsyslogd', 'nft', 'openssl', 'curl').describe(
  'clawtrust doctor on a host of its own',
  () => {
    let machine: Machine
    const said: string[] = []

    /** It must end with this code, change nothing, and print no secret. */
    async function doctor(args: string, code: number): Promise<string> {
      const before = await snapshot(machine)
      const ended = await machine.run(
        `set +e; clawtrust doctor ${args} > "$HOME/../said" 2>&1; code=$?; cat "$HOME/../said"; rm "$HOME/../said"; exit $code`,
      )
      expect([ended.code, ended.output.includes('Error:')]).toEqual([code, false])
      expect(await snapshot(machine)).toBe(before)
      said.push(ended.output)
      return ended.output
    }
    const diagnosed = async (args: string, code: number): Promise<Answer> => {
      const text = await doctor(`--json ${args}`, code)
      return JSON.parse(text.slice(0, text.lastIndexOf('}') + 1))
    }
    const programIn = ({ programs }: Answer, name: string) => programs.find(({ program }) => program === name)

    beforeAll(async () => {
      machine = await Machine.start({ programs: { clawtrust: [process.execPath, main] } })
      await makeBare(machine)
    }, LIMIT_MS)
    afterAll(() => machine.stop())

    it(
      'says of a bare one that everything is blind, and has lines for OpenClaw itself',
      async () => {
        const answer = await diagnosed(NOWHERE, 1)
        expect(answer).toMatchObject({ blind: true, exporter: { running: false } })
        expect(new Set(answer.signals.map(({ state }) => state))).toEqual(new Set(['blind']))
        expect(answer.setup['openclaw-file']).toBeDefined()
      },
      LIMIT_MS,
    )

    it(
      'has lines for the programs that it finds, which work as they are pasted: then no signal and no blind spot is left',
      async () => {
        await installPrograms(machine)
        const setup = new Map<string, readonly SetupStep[]>()
        const found = await diagnosed(NOWHERE, 1)
        for (const { unread } of found.programs) for (const one of unread) setup.set(one.dialect, one.setup)
        await paste(machine, setup)
        await useProxies(machine)

        const text = await doctor(NOWHERE, 1)
        for (const dialect of ['nginx-access', 'nginx-error', 'haproxy', 'caddy', 'nftables']) {
          expect(text).toContain(`blind: ${dialect} is written, and no source reads it`)
        }
        const configuration = text.slice(text.indexOf('\nexporter:\n') + 1, text.lastIndexOf('\n', text.length - 2) + 1)
        const certificates = found.setup.certificates?.[0]?.lines.slice(2).join('\n') ?? ''
        const server = await plainServer()
        const index = `doctor-${process.pid}`
        try {
          await createIndex(server.client, index)
          await machine.forward(9200, Number(new URL(server.url).port))
          await put(
            machine,
            'clawtrust.yml',
            `${configuration}${certificates.replace('openclaw.example:443', 'localhost:8443')}
    - type: elasticsearch
      name: elasticsearch
      nodes: ['http://127.0.0.1:9200']
      index: [${index}]
      lag: 2s
`.replace('exporter:\n', `exporter:\n  state_dir: ${machine.folder}/../state\n`),
          )
          expect(await run(machine, 'clawtrust check-config clawtrust.yml')).toContain('clawtrust.yml: ok')
          const exporter = machine.open('exec clawtrust exporter')
          await run(
            machine,
            'curl --silent --retry 100 --retry-delay 1 --retry-all-errors --fail --output /dev/null http://127.0.0.1:9847/-/ready',
          )
          await ship(server.client, index)
          await eventually(
            'all is read',
            async () => {
              const { output } = await machine.run('curl --silent http://127.0.0.1:9847/api/v1/coverage')
              const { signals, blind_spots: spots } = JSON.parse(output) as CoverageAnswer
              return [...signals, ...spots].some(({ state }) => state === 'blind') ? undefined : true
            },
            { by: exporter.process, limitMs: 60_000 },
          )
          const whole = await diagnosed('', 0)
          expect(whole).toMatchObject({ blind: false, exporter: { running: true } })
          for (const { state } of [...whole.signals, ...whole.blind_spots]) expect(state).not.toBe('blind')
          expect(await doctor('', 0)).not.toContain('blind')
          await exporter.interrupt()
        } finally {
          await server.client.indices.delete({ index, ignore_unavailable: true })
          await server.stop()
        }
      },
      LIMIT_MS,
    )

    it(
      'says of a broken one which source is down, what is in no known format, and what is written and not read',
      async () => {
        await put(machine, 'foreign.log', 'a line of another program\n')
        await put(machine, '~/.openclaw/openclaw.json', `{ gateway: { token: "${SECRET}" `)
        const sources = [
          `{ type: file, name: openclaw, paths: [/var/log/openclaw/gone.log] }`,
          `{ type: file, name: nginx, paths: [foreign.log] }`,
        ]
        await put(machine, 'broken.yml', `exporter: { sources: [${sources.join(', ')}] }\n`)
        const answer = await diagnosed(`--config.file broken.yml ${NOWHERE}`, 1)
        const reasons = answer.signals.find(({ signal }) => signal === 'auth_failures')?.reasons
        expect(reasons?.map(({ code, source }) => [code, source])).toEqual([
          ['no_source', null],
          ['source_down', 'openclaw'],
          ['nothing_recognised', 'nginx'],
        ])
        expect(programIn(answer, 'openclaw')?.facts).toContainEqual(expect.stringContaining('is not JSON5'))
        const haproxy = programIn(answer, 'haproxy')?.unread
        expect(haproxy).toMatchObject([{ dialect: 'haproxy', configured: true, source: null }])
      },
      LIMIT_MS,
    )

    it('never printed a secret of a configuration', () => {
      expect(said.length).toBeGreaterThan(4)
      expect(said.filter(text => text.includes(SECRET.slice(0, 7)))).toEqual([])
    })
  },
)

type Client = Awaited<ReturnType<typeof plainServer>>['client']

/** Only the time by which documents are read is mapped. */
const createIndex = (client: Client, index: string) =>
  client.indices.create({
    index,
    mappings: { dynamic: false, properties: { event: { properties: { ingested: { type: 'date' } } } } },
  })

/** Security events, in every form in which a shipper stores them. */
async function ship(client: Client, index: string): Promise<void> {
  const documents = deployment.find(({ dialect }) => dialect === 'security-event')?.documents ?? []
  const ingested = new Date().toISOString()
  const operations = documents.flatMap((document, number) => [
    { index: { _id: String(number) } },
    { ...document, event: { ...(isObject(document.event) ? document.event : {}), ingested } },
  ])
  await client.bulk({ index, operations, refresh: true })
}
