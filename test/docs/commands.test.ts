import { describe, expect, it } from '@jest/globals'
import { read, repositoryFiles } from '../structure/source-files.ts'
import { blocksOf, isShell, pageNotRun, stepsOf } from './page-blocks.ts'
import { pagesThatRun } from './pages-that-run.ts'

/** The pages that people follow: a decision record keeps the commands of its time, a runbook has none of its own. */
const pages = repositoryFiles().filter(file => /^(?:README\.md|docs\/(?!adr\/|runbooks\/).*\.md)$/.test(file))

it('are looked for on the pages', () => expect(pages.length).toBeGreaterThan(15))

describe.each(pages)('the commands of %s', page => {
  const blocks = blocksOf(read(page))
  const shell = blocks.filter(isShell)

  it('are run by a test, or the page shows why not', () => {
    const ofPage = pageNotRun(read(page))
    const wrong = shell.filter(({ attributes, notRun }) => {
      const reason = notRun ?? ofPage
      return (attributes.name === undefined) === (reason === undefined)
    })
    expect(wrong.map(({ line }) => `${page}:${line}`)).toEqual([])
  })

  it('are in fenced blocks, not in indented ones', () => {
    const commands = /^(?: {4,}|\t)(?:clawtrust|curl|docker|kubectl|node|npm|sudo) /
    const fenced = blocks.flatMap(({ line, text }) => text.split('\n').map((_, index) => line + index + 1))
    const lines = read(page).split('\n')
    expect(lines.filter((line, index) => commands.test(line) && !fenced.includes(index + 1))).toEqual([])
  })

  it('have names of their own', () => {
    const names = shell.flatMap(({ attributes }) => attributes.name ?? [])
    expect(names).toEqual([...new Set(names)])
  })

  it('are highlighted as commands where they are run', () => {
    const others = blocks.filter(block => block.attributes.name !== undefined && !isShell(block))
    expect(others.map(({ line }) => `${page}:${line}`)).toEqual([])
  })

  it('are run where they have names', () => {
    const isRun = stepsOf(read(page)).some(step => step.kind === 'command')
    expect([page, pagesThatRun.includes(page)]).toEqual([page, isRun])
  })
})
