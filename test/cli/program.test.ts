import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import type { Command } from 'commander'
import type { CliContext, ServiceSetup } from '../../cli/context.ts'
import { examples } from '../../cli/examples.ts'
import type { LoadedConfig } from '../../cli/load-config.ts'
import { createProgram, runProgram } from '../../cli/program.ts'
import type { ServiceSignal } from '../../cli/run-service.ts'
import { packageVersion } from '../../cli/version.ts'
import { ClawtrustError } from '../../core/errors.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({
  'gateway.log': '',
  'reader-password': 'read-me-not',
  'right.yml': 'log: { level: warn }\n',
  'roles.yml': 'web: { roles: { scrape: { users: [prometheus] } } }\n',
  'apache.log': '198.51.100.7 - - [28/Nov/2026:15:48:11 +0000] "GET / HTTP/1.1" 401 0\n',
  'foreign.yml': 'exporter: { sources: [{ type: file, name: web, paths: [apache.log] }] }\n',
  'odd/x\u001b[31m\n.log/file': '',
  'odd.yml': "exporter: { sources: [{ type: file, name: web, paths: ['odd/*.log'] }] }\n",
  'wrong.yml': 'log:\n  levl: warn\nexporter:\n  offenders: { k: many }\n',
  'keyword.yml': 'remediation: { firewall: { table: ct } }\n',
  'misfit.yml': 'exporter: { source_networks: { ipv4_prefix: 24, ipv6_prefix: 56 }, offenders: { window: 30m } }\n',
  'idle.yml':
    'remediation: { playbooks: [{ name: lists, conditions: { verdict: [malicious] }, steps: [{ type: block, ttl: [1h] }] }, { name: any, conditions: { verdict: [unknown] }, steps: [{ type: block, ttl: [1h] }] }] }\n',
  'empty.yml': '# later\n',
  'sections.yml': 'log:\nexporter:\n',
  'with-web.yml': 'exporter: { web_config_file: web.yml }\n',
})

/** Runs one command line; a service that it starts is told to end as soon as it answers. */
async function run(args: readonly string[], overrides: Partial<CliContext> = {}) {
  const listeners = new Map<ServiceSignal, () => void>()
  const services: LoadedConfig[] = []
  const setups: ServiceSetup[] = []
  const checked: string[] = []
  let out = ''
  let err = ''
  const code = await runProgram(args, {
    version: '1.2.3',
    folder,
    logFolders: [],
    stdout: {
      write: text => {
        out += text
        if (text.startsWith('Open ')) listeners.get('SIGTERM')?.()
      },
    },
    stderr: { write: text => (err += text) },
    process: {
      on: (signal, listener) => listeners.set(signal, listener),
      off: signal => listeners.delete(signal),
      exit: () => {},
    },
    createExporter: (loaded, setup) => {
      services.push(loaded)
      setups.push(setup)
      return { start: async () => ({ url: 'http://127.0.0.1:9847/' }), stop: async () => {}, reload: async () => {} }
    },
    createRemediation: () => ({
      start: async () => ({ url: 'http://127.0.0.1:9848/' }),
      stop: async () => {},
      reload: async () => {},
    }),
    user: 'alice',
    checkWebConfig: async path => checked.push(path),
    ...overrides,
  })
  return { code, out, err, services, setups, checked }
}

describe('clawtrust', () => {
  it('tells its version', async () => {
    expect(await run(['--version'])).toMatchObject({ code: 0, out: '1.2.3\n', err: '' })
    expect(packageVersion()).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('lists its commands', async () => {
    const { code, out } = await run(['--help'])
    expect(code).toBe(0)
    for (const name of ['exporter', 'check-config']) expect(out).toContain(name)
  })

  it.each([
    [['exportr'], "error: unknown command 'exportr'\n(Did you mean exporter?)\n"],
    [['exporter', '--log.level', 'loud'], 'Allowed choices are debug, info, warn, error.'],
    [
      ['exporter', '--web.listen-address', 'localhost'],
      'It must be an address and port such as 127.0.0.1:9847 or [::1]:9847.',
    ],
    [['exporter', '--web.listen'], "error: unknown option '--web.listen'"],
    [['exporter', 'nowhere.log'], 'nowhere.log cannot be read (ENOENT); set a log file or a folder of log files\n'],
    [['check-config', 'right.yml', 'more'], 'too many arguments'],
  ])('ends with 2 and one sentence where it is called wrongly: %j', async (args, sentence) => {
    const { code, err } = await run(args)
    expect(code).toBe(2)
    expect(err).toContain(sentence)
  })
})

describe('the process', () => {
  it('shows code and place of an error that nothing catches, and never its message', () => {
    const thrower =
      'setInterval(() => { if (process.listenerCount("uncaughtException")) throw Object.assign(new Error("hunter2"), { code: "ERR_X" }) }, 1)'
    const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
    const args = ['--disable-warning=ExperimentalWarning', '--import', `data:text/javascript,${thrower}`, main, 'help']
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toContain('An unexpected error occurred (ERR_X); report it.')
    expect(stderr).not.toContain('hunter2')
  })
})

describe('clawtrust check-config', () => {
  it('says ok and ends with 0, with one warning where no roles are set', async () => {
    const { code, out, err } = await run(['check-config', 'right.yml'])
    expect([code, out]).toEqual([0, 'right.yml: ok\n'])
    expect(err).toMatch(/^warning: right\.yml: web\.roles is not set: .*\n$/)
    expect(await run(['check-config', '--config.file', 'right.yml'])).toMatchObject({ code: 0 })
  })

  it('says of a file that changes nothing what it means, and what the exporter would read', async () => {
    for (const file of ['empty.yml', 'sections.yml']) {
      const { code, out } = await run(['check-config', file])
      expect(code).toBe(0)
      expect(out).toMatch(
        new RegExp(
          `^${file}: ok, but it changes nothing: all defaults apply\\. The exporter would say: Playing a recorded OpenClaw log .*\n$`,
        ),
      )
    }
    const { out } = await run(['check-config', 'empty.yml'], { logFolders: [join(folder, 'gateway.log/openclaw')] })
    expect(out).toContain('empty.yml: ok, but it changes nothing: all defaults apply. The exporter would not start: ')
  })

  it('does not warn where roles are set', async () => {
    expect(await run(['check-config', 'roles.yml'])).toMatchObject({ code: 0, out: 'roles.yml: ok\n', err: '' })
  })

  it('warns of log files in no known format, and says ok', async () => {
    const { code, out, err } = await run(['check-config', 'foreign.yml'])
    expect([code, out]).toEqual([0, 'foreign.yml: ok\n'])
    expect(err).toMatch(
      /^warning: foreign\.yml: web\.roles is not set: .*\nwarning: foreign\.yml:1: exporter\.sources\[0\]\.paths of source web: Nothing that was read of file \S+apache\.log is in a known format: .*\.\n$/,
    )
  })

  it('prints what a file is named without letting the terminal obey it', async () => {
    const { err } = await run(['check-config', 'odd.yml'])
    expect(err).toContain('x\\u001b[31m\\u000a.log is a directory')
    expect(err).not.toContain('\u001b')
  })

  it.each([['check-config'], ['exporter', '--config.file'], ['remediation', '--config.file']])(
    'warns of keys that do not fit each other and of missing roles, and so does the start: %s %s',
    async (...args) => {
      const { code, err } = await run([...args, 'misfit.yml'])
      expect(code).toBe(0)
      for (const sentence of [
        'exporter.source_networks.ipv4_prefix (24) is less than remediation.limits.ipv4_prefix (32): ',
        'exporter.source_networks.ipv6_prefix (56) is less than remediation.limits.ipv6_prefix (64): ',
        'exporter.offenders.window (30m) and the 3m for which rules hold it are longer than alert_range (20m) of the playbook brute-force in remediation.playbooks: ',
        'set alert_range to at least 33m.',
        'web.roles is not set: every client that is admitted may scrape, view, deliver alerts and give commands; ',
      ]) {
        expect(err).toContain(sentence)
      }
    },
  )

  it('warns of a playbook that requires a verdict that nothing can give', async () => {
    const { code, err } = await run(['check-config', 'idle.yml'])
    expect(code).toBe(0)
    expect(err.match(/^.*can give: the playbook never acts.*$/gm)).toEqual([
      expect.stringContaining(
        'idle.yml:1: remediation.playbooks[0].conditions.verdict (malicious) of the playbook lists is',
      ),
    ])
  })

  it('prints every problem, one a line, and ends with 2', async () => {
    expect(await run(['check-config', 'wrong.yml'])).toMatchObject({
      code: 2,
      out: '',
      err: [
        'wrong.yml:2: log.levl is not a known key; did you mean "level"?',
        'wrong.yml:4: exporter.offenders.k must be a whole number from 1 to 1000, but is "many"\n',
      ].join('\n'),
    })
  })

  it('refuses a keyword of nftables as the name of the table, in one sentence', async () => {
    expect(await run(['check-config', 'keyword.yml'])).toMatchObject({
      code: 2,
      out: '',
      err: 'keyword.yml:1: remediation.firewall.table must be a name of at most 31 letters, digits and _ that begins with a letter and is no keyword of nftables, but is "ct"\n',
    })
  })

  it('checks the web configuration that the file names', async () => {
    expect((await run(['check-config', 'with-web.yml'])).checked).toEqual([join(folder, 'web.yml')])
    const wrong = new ClawtrustError('CONFIG_INVALID', 'web.yml:1: tls is not a known key')
    const refused = await run(['check-config', 'with-web.yml'], { checkWebConfig: () => Promise.reject(wrong) })
    expect(refused).toMatchObject({ code: 2, out: '', err: 'web.yml:1: tls is not a known key\n' })
  })
})

describe('clawtrust exporter', () => {
  it('ends with 2 where it would read a log folder that may not be read, and starts nothing', async () => {
    const { code, err, services } = await run(['exporter'], { logFolders: [join(folder, 'gateway.log/openclaw')] })
    expect(code).toBe(2)
    expect(err).toContain('gateway.log/openclaw (ENOTDIR) of OpenClaw cannot be read; run clawtrust as a user')
    expect(services).toEqual([])
  })

  it('runs until it is told to end, and says what it reads and where to look', async () => {
    const { code, out, err, services } = await run(['exporter'])
    expect(code).toBe(0)
    expect(out).toBe('Open http://127.0.0.1:9847/\n')
    expect(err).toMatch(/^level=info .*msg="Playing a recorded OpenClaw log/)
    expect(services).toHaveLength(1)
  })

  it('hands on the options', async () => {
    const args = [
      'exporter',
      '--web.listen-address=[::1]:80',
      '--log.format=json',
      '--state.dir=s',
      '--web.config.file=w',
    ]
    const { config } = (await run(args)).services[0] as LoadedConfig
    expect(config.log.format).toBe('json')
    expect(config.exporter).toMatchObject({
      listen_address: { host: '::1', port: 80 },
      state_dir: join(folder, 's'),
      web_config_file: join(folder, 'w'),
    })
  })

  it('lets nobody in from other machines without signing in, unless it is told so', async () => {
    const setups = [await run(['exporter']), await run(['exporter', '--web.allow-unauthenticated'])].flatMap(
      r => r.setups,
    )
    expect(setups.map(setup => setup.allowUnauthenticated)).toEqual([false, true])
  })

  it('reads the same configuration again for a reload', async () => {
    const { services, setups } = await run(['exporter', 'gateway.log'])
    const { placeOf, ...loaded } = (await setups[0]?.loadConfig()) ?? {}
    expect(services[0]).toMatchObject(loaded)
    expect(placeOf?.('exporter')).toBe('clawtrust.yml')
  })

  it('counts named files anew at each run: their state is gone afterwards', async () => {
    const { services } = await run(['exporter', 'gateway.log'])
    const stateDir = services[0]?.config.exporter.state_dir ?? folder
    expect(stateDir).not.toContain('clawtrust-state')
    expect(existsSync(stateDir)).toBe(false)
  })

  it.each([
    [[], false],
    [['--log.level', 'debug'], true],
  ])('ends with 1 and one sentence where it fails, with a stack only for debugging: %j', async (args, stack) => {
    const { code, err } = await run(['exporter', ...args], {
      createExporter: () => ({
        start: () => Promise.reject(new ClawtrustError('LISTEN_FAILED', 'The port is taken.')),
        stop: async () => {},
        reload: async () => {},
      }),
    })
    expect(code).toBe(1)
    expect(err).toContain('The port is taken.')
    expect(/\n {4}at /.test(err)).toBe(stack)
  })

  it.each([
    [[], false],
    [['--log.level', 'debug'], true],
  ])('shows code and place of what it did not expect, and never its message: %j', async (args, stack) => {
    const foreign = Object.assign(new Error('hunter2'), { code: 'ERR_INVALID_CHAR' })
    const { code, err } = await run(['exporter', ...args], {
      createExporter: () => ({ start: () => Promise.reject(foreign), stop: async () => {}, reload: async () => {} }),
    })
    expect(code).toBe(1)
    expect(err).toContain('An unexpected error occurred (ERR_INVALID_CHAR); report it.')
    expect(err).not.toContain('hunter2')
    expect(/\n {4}at /.test(err)).toBe(stack)
  })
})

it('the help of clawtrust ends with an example, and no example is of a command that does not exist', async () => {
  const { out } = await run(['--help'])
  const [, example = ''] = out.match(/\nExample:\n {2}(clawtrust .+)\n$/) ?? []
  expect(await parsed(example)).toBe('exporter')
  const words = commandsOf(await createProgram({ version: '1.2.3' } as CliContext)).map(([words]) => words)
  expect(Object.keys(examples).sort()).toEqual(['', ...words].sort())
})

it('the example of check-config runs with a file of that name', async () => {
  const args = (examples['check-config'] ?? '').replace('/etc/clawtrust/clawtrust.yml', 'right.yml').split(' ')
  expect(await run(args.slice(1))).toMatchObject({ code: 0, out: 'right.yml: ok\n' })
})

it.each([['check-config'], ['elastic', 'check'], ['elastic', 'setup', '--apply']])(
  'clawtrust %s %s needs a configuration file, and its help does not promise otherwise',
  async (...args) => {
    const empty = { folder: join(folder, 'odd') }
    const { code, err } = await run(args, empty)
    expect([code, err]).toEqual([2, 'clawtrust.yml: cannot be read (ENOENT); check the path and its permissions\n'])
    const { out } = await run([...args, '--help'], empty)
    expect(out.replace(/\s+/g, ' ')).toContain('(default: clawtrust.yml in the working folder)')
  },
)

/** The words of the command that a command line runs; nothing is run. Rejects where the line is wrong. */
async function parsed(line: string): Promise<string> {
  const program = await createProgram({ version: '1.2.3' } as CliContext)
  const ran: string[] = []
  for (const [words, command] of commandsOf(program)) {
    if (command.commands.length === 0 || ['remediation', 'report'].includes(words))
      command.action(() => void ran.push(words))
  }
  await program.parseAsync(line.split(' ').slice(1), { from: 'user' })
  return ran.join()
}

/** All commands, with those in them, by their words. */
function commandsOf(command: Command, words: readonly string[] = []): [words: string, command: Command][] {
  return command.commands.flatMap(inner => {
    const all = [...words, inner.name()]
    return [[all.join(' '), inner], ...commandsOf(inner, all)] as [string, Command][]
  })
}

describe.each(commandsOf(await createProgram({ version: '1.2.3' } as CliContext)))(
  'the command %s',
  (words, command) => {
    it('is described: in the list of commands, in its own help, with each argument and option', () => {
      expect(command.summary()).toMatch(/^[a-z].*[^.]$/)
      expect(command.description()).toMatch(/^[A-Z].*\.$/s)
      const parts = [...command.registeredArguments, ...command.options]
      expect(parts.filter(({ description }) => description === '').map(part => part.name())).toEqual([])
    })

    it('ends its help with an example, which it understands', async () => {
      const { code, out } = await run([...words.split(' '), '--help'])
      expect(code).toBe(0)
      const [, example = ''] = out.match(/\nExample:\n {2}(clawtrust .+)\n$/) ?? []
      // A command that only holds others shows how one of them is called.
      expect(await parsed(example)).toMatch(new RegExp(`^${words}( |$)`))
    })

    it('is in the documentation', () => {
      const root = new URL('../../', import.meta.url)
      const pages = ['README.md', ...globSync('docs/*.md', { cwd: root })]
      const lines = pages.flatMap(page => readFileSync(new URL(page, root), 'utf8').split('\n'))
      const group = `clawtrust ${words.split(' ').slice(0, -1).join(' ')}`
      // A table names the commands of a group one after the other.
      const inGroup = new RegExp(`[\`]${command.name()}[\` ]`)
      const isNamed = (line: string) =>
        line.includes(`clawtrust ${words}`) || (line.includes(group) && inGroup.test(line))
      expect(lines.some(isNamed)).toBe(true)
    })

    it('refuses an option that it does not have with 2, and does not end the process', async () => {
      // An option that must be given is asked for first.
      const given = command.options.flatMap(({ mandatory, long, argChoices }) =>
        mandatory ? [long ?? '', argChoices?.[0] ?? 'x'] : [],
      )
      const { code, err } = await run([...words.split(' '), ...given, '--no-such-option'])
      expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("unknown option '--no-such-option'") })
    })
  },
)

describe('elastic setup with the passwords of users', () => {
  it('prints no password: it asks for --apply', async () => {
    const { code, out, err } = await run(['elastic', 'setup', '--reader-password-file', 'reader-password'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toBe('passwords are sent to Elasticsearch and never printed; add --apply\n')
  })

  it('names a file that holds none', async () => {
    const { code, err } = await run(['elastic', 'setup', '--apply', '--shipper-password-file', 'gateway.log'])
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/gateway\.log is empty/) })
  })
})
