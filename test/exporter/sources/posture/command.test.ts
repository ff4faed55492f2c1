import { describe, expect, it } from '@jest/globals'
import { CommandInput, type CommandInputOptions } from '../../../../exporter/sources/posture/command-input.ts'
import type { Json } from '../../../../service/state/state.ts'
import { wholeLook } from './whole-look.ts'

const NOON = Date.UTC(2026, 10, 23, 12)
const HOUR = 3_600_000
const { signal } = new AbortController()

/** A command that is a program of Node.js. */
function bench(program: string, options: Partial<CommandInputOptions> = {}, cursor = new Map<string, Json>()) {
  const clock = { time: NOON, now: () => clock.time }
  const input = new CommandInput(
    {
      command: [process.execPath, '-e', program],
      interval: HOUR,
      timeout: 20_000,
      maxOutput: 100_000,
      environment: {},
      clock,
      ...options,
    },
    cursor,
  )
  return { clock, look: () => wholeLook(input, { signal }) }
}

const print = (value: unknown) => `console.log(${JSON.stringify(JSON.stringify(value, undefined, 2))})`

describe('a command', () => {
  it('runs at once, then at its interval, and what it writes is one record, with the time of the run', async () => {
    const { clock, look } = bench(print({ findings: [] }))
    const body = { findings: [], '@timestamp': '2026-11-23T12:00:00.000Z' }
    expect(await look()).toEqual({ records: [{ id: `${NOON}#0`, body }], cursor: [{ key: 'run', value: NOON }] })
    clock.time += HOUR - 1
    expect((await look()).records).toEqual([])
    clock.time += 1
    expect((await look()).records).toHaveLength(1)
  })

  it('is not run again by a restart', async () => {
    const { clock, look } = bench(print({}), {}, new Map([['run', NOON - HOUR / 2]]))
    expect((await look()).records).toEqual([])
    clock.time += HOUR / 2
    expect((await look()).records).toHaveLength(1)
  })

  it('runs where the clock was set back behind its last run', async () => {
    const { look } = bench(print({}), {}, new Map([['run', NOON + 3 * HOUR]]))
    expect((await look()).records).toHaveLength(1)
  })

  it('may end with another code than 0: what it wrote counts', async () => {
    const { look } = bench(`${print({ ts: 1, ok: false, findings: [] })}; process.exitCode = 1`)
    expect((await look()).records).toEqual([{ id: `${NOON}#0`, body: { ts: 1, ok: false, findings: [] } }])
  })

  it('has the environment that is configured and no other', async () => {
    const { look } = bench('console.log(JSON.stringify(process.env))', { environment: { STATE: 'x' } })
    expect((await look()).records[0]?.body).toEqual({ STATE: 'x', '@timestamp': '2026-11-23T12:00:00.000Z' })
  })

  it.each([
    ['is not there', { command: ['/nowhere/openclaw'] }, /^The command cannot be started \(ENOENT\); write the path/],
    [
      'writes no JSON',
      { command: [process.execPath, '-e', 'console.error("no\\u001b[2Jsuch\\nx"); process.exit(3)'] },
      /^The command wrote no JSON and ended with code 3: no.*such; run it by hand as this user\.$/,
    ],
    [
      'writes without end',
      { command: [process.execPath, '-e', 'setInterval(() => console.log("x".repeat(9999)))'] },
      /^The command wrote more than 100000 bytes; raise max_output\.$/,
    ],
    [
      'does not end',
      { command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'], timeout: 300 },
      /^The command did not end within 0.3 s; raise timeout\.$/,
    ],
    [
      'reports an error, as OpenClaw does of an invalid configuration',
      { command: [process.execPath, '-e', print({ ok: false, error: { message: 'OpenClaw config is invalid' } })] },
      /^The command reports an error: OpenClaw config is invalid\.$/,
    ],
  ])('that %s is reported, and run again after a minute', async (_title, options, sentence) => {
    const { clock, look } = bench('', options)
    const { records, cursor, trouble } = await look()
    expect({ records, cursor }).toEqual({ records: [], cursor: [] })
    expect(trouble).toMatch(sentence)
    clock.time += 59_999
    expect((await look()).trouble).toBe(trouble)
  })

  it('is ended with what it started when the source is stopped', async () => {
    const abort = new AbortController()
    const child = 'require("node:child_process").spawn("sleep", ["600"], { stdio: "inherit" })'
    const input = new CommandInput(
      {
        command: [process.execPath, '-e', child],
        interval: HOUR,
        timeout: 600_000,
        maxOutput: 1,
        environment: { PATH: '/usr/bin:/bin' },
        clock: { now: () => NOON },
      },
      new Map(),
    )
    const look = wholeLook(input, abort)
    abort.abort()
    expect(await look).toEqual({ records: [], cursor: [] })
  })
})
