import { describe, expect, it } from '@jest/globals'
import { readPolicy } from '../../policy/language/read.ts'
import { seededDocuments } from '../policy/shadow/seeded-history.ts'
import { createPolicyRunner } from './run-policy.ts'
import { temporaryFolder } from './temporary-folder.ts'

const seen = { first_seen: '2026-11-01T00:00:00Z', last_seen: '2026-11-08T12:00:00Z', samples: ['flows/1'] }
const one = {
  source: { namespace: 'openclaw', identity: 'agent', address: '10.1.1.1', identified: true },
  destination: { names: ['API.anthropic.com'], address: '203.0.113.9' },
  transport: 'tcp',
  port: 443,
  passed: 120,
  ...seen,
}

const lines = (...flows: readonly unknown[]) => flows.map(flow => `${JSON.stringify(flow)}\n`).join('')

const folder = temporaryFolder({
  'hubble.log': seededDocuments()
    .map(document => `${JSON.stringify(document)}\n`)
    .join(''),
  'clawtrust.yml': JSON.stringify({ exporter: { sources: [{ type: 'file', name: 'hubble', paths: ['hubble.log'] }] } }),
  'flows.jsonl': lines(one, { ...one, port: 22, passed: 0, denied: 3 }),
  'empty.jsonl': '\n',
  'no-json.jsonl': `${lines(one)}{"source":\n`,
  'unknown-key.jsonl': lines({ ...one, source: { pod: 'x' } }),
  'wrong.jsonl': lines({ ...one, port: 70_000 }),
  'no-address.jsonl': lines({ ...one, source: { address: '10.0.0.300' } }),
  'network.jsonl': lines({ ...one, destination: { address: '10.0.0.0/8' } }),
  'old.jsonl': lines({ ...one, first_seen: 'yesterday' }),
})

const policy = createPolicyRunner(folder)
const suggest = (...args: readonly string[]) => policy('suggest', ...args)

describe('clawtrust policy suggest', () => {
  it('prints a policy with its evidence', async () => {
    expect(await suggest('--flows', 'flows.jsonl', '--name', 'agents')).toEqual({
      code: 0,
      err: '',
      out: `# A draft of what was observed, for review: what is not below was not seen, which does not mean that it is not needed.
# Allowed: 1 flow of 120 events, 2026-11-01T00:00:00Z to 2026-11-08T12:00:00Z.
# Left out, and so not allowed: 1 flow of 3 events.
#   denied (what was enforced denied them, at least once): 1 flow of 3 events
#     openclaw/agent -> api.anthropic.com, tcp 22: 3 events denied
policy agents

zone openclaw
  members: namespace=openclaw

allow agent-to-api.anthropic.com
  # 120 events in 1 flow, 2026-11-01T00:00:00Z to 2026-11-08T12:00:00Z
  # for instance flows/1
  from: zone=openclaw and service-identity=agent
  to: api.anthropic.com:443
  protocol: tcp
`,
    })
  })

  it('prints JSON', async () => {
    const { out } = await suggest('--flows', 'flows.jsonl', '--format', 'json')
    expect(JSON.parse(out)).toMatchObject({
      policy: expect.stringContaining('policy suggested'),
      rules: [{ rule: 'agent-to-api.anthropic.com', events: 120, samples: ['flows/1'] }],
      left_out: [{ reason: 'denied', denied: 3 }],
    })
  })

  it('leaves out what has fewer events than the minimum', async () => {
    const { out } = await suggest('--flows', 'flows.jsonl', '--minimum-events', '121')
    expect(out).toContain('below-minimum (fewer events than --minimum-events): 1 flow of 120 events')
    expect(out).not.toContain('\nallow')
  })

  it('of no flows is a policy that allows nothing', async () => {
    expect(await suggest('--flows', 'empty.jsonl')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/\npolicy suggested\n$/),
    })
  })

  it.each([
    ['no-json.jsonl', 'no-json.jsonl:2: the line is no JSON; a file of flows has one JSON object on each line\n'],
    ['unknown-key.jsonl', 'unknown-key.jsonl:1: source has the unknown key "pod"\n'],
    ['wrong.jsonl', 'wrong.jsonl:1: port is missing or is not what docs/policy.md says of it\n'],
    ['no-address.jsonl', 'no-address.jsonl:1: source.address is no IP address\n'],
    ['network.jsonl', 'network.jsonl:1: destination.address is no IP address\n'],
    ['old.jsonl', 'old.jsonl:1: first_seen is missing or is not what docs/policy.md says of it\n'],
    ['none.jsonl', 'none.jsonl cannot be read (ENOENT); check the path and its permissions\n'],
  ])('refuses %s with its line, and ends with 2', async (file, err) => {
    expect(await suggest('--flows', file)).toEqual({ code: 2, out: '', err })
  })

  it('reads the history of clawtrust.yml, or log files', async () => {
    const window = ['--until', '2026-11-30T00:00:00Z']
    const configured = await suggest(...window)
    expect(configured).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^# Allowed: [\d,]+ flows of [\d,]+ events/m),
    })
    expect((await suggest(...window, '--logs', 'hubble.log')).out).toBe(configured.out)
    const { resolved, problems } = readPolicy(configured.out, 'x', 'text')
    expect(problems.filter(({ level }) => level === 'error')).toEqual([])
    expect(resolved.rules.length).toBeGreaterThan(1)
  })

  it('refuses two histories, a window that is none, a name that is none, and a minimum below 1', async () => {
    expect((await suggest('--flows', 'flows.jsonl', '--logs', 'hubble.log')).code).toBe(2)
    expect((await suggest('--config.file', 'clawtrust.yml', '--logs', 'hubble.log')).code).toBe(2)
    expect((await suggest('--since', '2026-11-30', '--until', '2026-11-29')).code).toBe(2)
    expect((await suggest('--logs', 'nothing.log')).code).not.toBe(0)
    expect((await suggest('--flows', 'flows.jsonl', '--name', 'a b')).code).toBe(2)
    expect((await suggest('--flows', 'flows.jsonl', '--minimum-events', '0')).code).toBe(2)
  })
})
