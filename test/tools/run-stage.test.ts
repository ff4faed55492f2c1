import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { constants, getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Check } from '../../tools/checks/checks.ts'
import { runStage } from '../../tools/checks/run-stage.ts'

describe('the checks of a stage', () => {
  let folder: string
  let said: string[]
  const check = (name: string, script: string): Check => {
    writeFileSync(join(folder, `${name}.mjs`), script)
    return { kind: 'command', name, args: [`${name}.mjs`], cwd: folder, limitMinutes: 1 }
  }
  const meets = (own: string, other: string) => `
    import { existsSync, writeFileSync } from 'node:fs'
    writeFileSync('${own}', '')
    setInterval(() => existsSync('${other}') && process.exit(0), 5)
    setTimeout(() => process.exit(1), 20_000)`
  const run = (...queues: (Check | Check[])[]) =>
    runStage(
      queues.map(queue => (Array.isArray(queue) ? queue : [queue])),
      line => said.push(line),
      output => said.push(output),
    )

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtrust-run-stage-'))
    said = []
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  it('run at the same time', async () => {
    const outcomes = await run(check('first', meets('a', 'b')), check('second', meets('b', 'a')))
    expect(outcomes.map(({ tally }) => tally.failed)).toEqual([0, 0])
  })

  it('have outcomes in their own order, whichever ends first', async () => {
    const outcomes = await run(check('slow', 'setTimeout(() => process.exit(1), 200)'), check('quick', ''))
    expect(outcomes.map(({ check: { name }, tally }) => [name, tally.failed])).toEqual([
      ['slow', 1],
      ['quick', 0],
    ])
  })

  it('have the output of all but the last shown whole when they end, under their name', async () => {
    const lines = check('kept', `process.stdout.write('one\\n'); process.stderr.write('two\\n')`)
    await run(lines, check('shown', ''))
    expect(said.slice(said.indexOf('kept'))).toEqual(['kept', 'one\ntwo\n'])
  })

  it('run one after another in the same queue, also after one that fails', async () => {
    const first = check('first', `import { writeFileSync } from 'node:fs'; writeFileSync('done', ''); process.exit(1)`)
    const second = check('second', `import { existsSync } from 'node:fs'; process.exit(existsSync('done') ? 0 : 1)`)
    const outcomes = await run([first, second], check('shown', ''))
    expect(outcomes.map(({ check: { name }, tally }) => [name, tally.failed])).toEqual([
      ['first', 1],
      ['second', 0],
      ['shown', 0],
    ])
    expect(said).toContain('shown; meanwhile first, second, whose output follows at its end')
  })

  it('yield the processors to the last one, which has the priority of this process', async () => {
    const own = getPriority()
    const lower = Math.min(own + 1, constants.priority.PRIORITY_LOW)
    const yielding = `
      import { getPriority } from 'node:os'
      setInterval(() => getPriority() >= ${lower} && process.exit(0), 5)
      setTimeout(() => process.exit(1), 20_000)`
    const shown = `import { getPriority } from 'node:os'; process.exit(getPriority() === ${own} ? 0 : 1)`
    const outcomes = await run(check('yielding', yielding), check('shown', shown))
    expect(outcomes.map(({ tally }) => tally.failed)).toEqual([0, 0])
  })

  it('are announced alone where there is no other', async () => {
    await run(check('only', ''))
    expect(said).toEqual(['only'])
  })
})
