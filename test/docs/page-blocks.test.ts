import { describe, expect, it } from '@jest/globals'
import { blocksOf, missingLine, stepsOf } from './page-blocks.ts'

const fence = '```'
const page = `# A page

${fence}yaml file=clawtrust.yml
exporter: {}
${fence}

1. In a list:

   ${fence}sh name=start terminal=exporter repeat=60
   clawtrust exporter
     indented
   ${fence}

${fence}text expect=start
Open …
${fence}

${fence}sh
kubectl apply
${fence}

Not run by the tests: it needs a cluster.
`

describe('the steps of a page', () => {
  it('are its named blocks, in order, without the indentation of a list', () => {
    expect(stepsOf(page)).toEqual([
      { kind: 'file', path: 'clawtrust.yml', text: 'exporter: {}\n' },
      {
        kind: 'command',
        name: 'start',
        text: 'clawtrust exporter\n  indented\n',
        terminal: 'exporter',
        repeatedFor: 60,
        expected: ['Open …'],
      },
    ])
  })

  it('leave out a block with the reason that the page shows', () => {
    expect(blocksOf(page).map(({ language, notRun }) => [language, notRun])).toEqual([
      ['yaml', undefined],
      ['sh', undefined],
      ['text', undefined],
      ['sh', 'it needs a cluster.'],
    ])
  })

  it('are refused where an expectation belongs to no commands', () => {
    expect(() => stepsOf(`${fence}text expect=nothing\nx\n${fence}\n`)).toThrow('line 1: there are no commands')
  })

  it('are refused where a block has no end', () => {
    expect(() => blocksOf(`text\n${fence}sh\nls\n`)).toThrow('line 2')
  })
})

describe('an expectation', () => {
  it('holds where each line is in the output, in order', () => {
    expect(missingLine(['one', '…', 'three'], 'zero\none\ntwo\nthree\n')).toBeUndefined()
    expect(missingLine(['three', 'one'], 'one\ntwo\nthree\n')).toBe('one')
  })

  it('is of whole lines, in which … is any text', () => {
    expect(missingLine(['ok … of 4'], 'ok 3 of 4  \n')).toBeUndefined()
    expect(missingLine(['ok'], 'ok 3 of 4\n')).toBe('ok')
    expect(missingLine(['a.c'], 'abc\n')).toBe('a.c')
  })
})
