import { spawnSync } from 'node:child_process'
import { afterEach, describe, expect, it } from '@jest/globals'
import { MINUTE_MS } from '../../../../core/clock.ts'
import type { RunCommand } from '../../../../remediation/steps/block/nft/command.ts'
import { commandRunner, NO_ANSWER } from '../../../../remediation/steps/block/nft/command.ts'
import { MemoryKernel } from '../../kernel.ts'
import { alert, deliver, message, startRemediation, stopAll, until } from '../../service.ts'

const releases: (() => void)[] = []
afterEach(async () => {
  for (const release of releases.splice(0)) release()
  await stopAll()
})

/** A firewall that answers nothing until it is released. */
function hanging() {
  const kernel = new MemoryKernel()
  const released = Promise.withResolvers<void>()
  const run: RunCommand = async (args, input) => {
    await released.promise
    return kernel.run(args, input)
  }
  releases.push(released.resolve)
  return { kernel, run, release: released.resolve }
}

describe('a firewall that does not answer', () => {
  it('does not keep the service from starting, which says what is awaited and blocks when it answers', async () => {
    const { kernel, run, release } = hanging()
    const service = await startRemediation({ mode: 'enforce' }, { kernel, runNft: run, startTimeout: 50 })
    const ready = await fetch(`${service.url}-/ready`)
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('The firewall does not answer')])
    expect(await (await fetch(service.url)).text()).toContain('The firewall does not answer')
    expect(await service.metric('clawtrust_remediation_firewall_drift')).toBe(-1)
    expect((await fetch(`${service.url}-/healthy`)).status).toBe(200)
    expect((await deliver(service, message([alert('192.0.2.1')]))).status).toBe(200)
    expect(kernel.elements.size).toBe(0)
    const page = await (await fetch(service.url)).text()
    for (const sentence of ['1 block waits for the firewall.', '0 addresses are blocked.'])
      expect(page).toContain(sentence)
    release()
    await until('it is blocked', () => kernel.elements.has('192.0.2.1'))
    await until('it says so', async () => (await (await fetch(service.url)).text()).includes('1 address is blocked.'))
    await until('it is ready', async () => (await fetch(`${service.url}-/ready`)).status === 200)
  })

  it('does not keep it from starting again with blocks of a protected address, whose release waits', async () => {
    const first = await startRemediation({ mode: 'enforce' })
    await deliver(first, message([alert('192.0.2.1'), alert('192.0.2.2')]))
    await until('both are blocked', () => first.kernel.elements.size === 2)
    await first.stop()
    const { run, release } = hanging()
    const kernel = first.kernel
    const released: RunCommand = async (args, input) => {
      await run(args, input)
      return kernel.run(args, input)
    }
    const config = { mode: 'enforce', never_block: { networks: ['192.0.2.2'] } }
    const service = await startRemediation(config, {
      folder: first.folder,
      kernel,
      runNft: released,
      startTimeout: 50,
    })
    expect((await fetch(`${service.url}-/ready`)).status).toBe(503)
    release()
    await until('it is released', () => !kernel.elements.has('192.0.2.2'))
    expect(kernel.elements.has('192.0.2.1')).toBe(true)
    service.clock.pass(MINUTE_MS)
    await service.tick()
    expect((await fetch(`${service.url}-/ready`)).status).toBe(200)
  })

  it('is not asked for a change where it did not answer what it holds', async () => {
    const kernel = new MemoryKernel()
    const asked: string[] = []
    let answers = true
    const runNft: RunCommand = async (args, input) => {
      asked.push(args[0] === '-f' ? 'change' : 'list')
      return answers ? kernel.run(args, input) : { code: NO_ANSWER, stdout: '', stderr: '' }
    }
    const service = await startRemediation({ mode: 'enforce' }, { kernel, runNft })
    answers = false
    asked.length = 0
    service.clock.pass(MINUTE_MS)
    await service.tick()
    expect(asked).toEqual(['list'])
    expect(await service.metric('clawtrust_remediation_firewall_drift')).toBe(-1)
  })

  it('has its differences corrected and recorded once where it answers with another state', async () => {
    const first = await startRemediation({ mode: 'enforce' })
    await deliver(first, message([alert('192.0.2.1')]))
    await until('it is blocked', () => first.kernel.elements.has('192.0.2.1'))
    await first.stop()
    const { kernel, folder } = first
    const { run, release } = hanging()
    const runNft: RunCommand = async (args, input) => {
      await run(args, input)
      return kernel.run(args, input)
    }
    const service = await startRemediation({ mode: 'enforce' }, { folder, kernel, runNft, startTimeout: 50 })
    kernel.elements.clear()
    service.clock.pass(MINUTE_MS)
    const ticked = service.tick()
    release()
    await ticked
    await until('it is blocked again', () => kernel.elements.has('192.0.2.1'))
    await until('it is ready', async () => (await fetch(`${service.url}-/ready`)).status === 200)
    service.clock.pass(MINUTE_MS)
    await service.tick()
    expect(service.log.filter(line => line.includes('The kernel differed from the ledger'))).toHaveLength(1)
  })

  it('is ended with all that it started when its time is over', async () => {
    // What the shell started holds its pipes open.
    const run = commandRunner(['sh', '-c', 'sleep 1000 & wait; echo'], 100)
    expect(await run([], '')).toEqual({ code: NO_ANSWER, stdout: '', stderr: '' })
  })

  it('is no error of the service where its program cannot be started because too many files are open', () => {
    const script = `
      import { openSync } from 'node:fs'
      import { commandRunner } from '${new URL('../../../../remediation/steps/block/nft/command.ts', import.meta.url)}'
      const run = commandRunner(['true'])
      try { for (;;) openSync('/dev/null') } catch {}
      const { code, stderr } = await run([], '')
      process.stdout.write(code + ' ' + stderr)`
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script]
    const { stdout } = spawnSync('sh', ['-c', 'ulimit -n 100 && exec "$@"', 'sh', ...node], { encoding: 'utf8' })
    expect(stdout).toBe(`${NO_ANSWER} true cannot be started (EMFILE)`)
  })
})
