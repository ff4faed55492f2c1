import { describe, expect, it } from '@jest/globals'
import { renderPage } from '../../exporter/web/page/sections/render.ts'
import { emptyModel, sampleModel } from '../exporter/web/page/sample.ts'
import { read, repositoryFiles } from './source-files.ts'

const GLOSSARY = 'docs/glossary.md'

/** The words in italics in the table of what is written instead of what. */
const insteadOf = read(GLOSSARY).match(/^\| instead of \| write \|\n(?:\|.*\n?)+/m)?.[0] ?? ''
const bannedWords = [...insteadOf.matchAll(/^\|(.*?)\|/gm)].flatMap(([, words = '']) =>
  [...words.matchAll(/\*([^*]+)\*/g)].map(([, word = '']) => word),
)
const banned = new RegExp(
  `\\b(?:${bannedWords.map(word => word.replaceAll(' ', '\\s+')).join('|')})(?:s|ed|ing)?\\b`,
  'gi',
)

/** Pages that are not searched, and why. */
const exclusions: Readonly<Record<string, RegExp>> = {
  'the glossary lists the words themselves': /^docs\/glossary\.md$/,
  'a decision record keeps the words of its time': /^docs\/adr\//,
}

const files = repositoryFiles()
const isExcluded = (file: string) => Object.values(exclusions).some(excluded => excluded.test(file))

/** Pages, and what is shipped beside the code: alert rules, dashboards, examples of configuration. */
const texts = files.filter(file =>
  /^(?:[^/]+\.md|(?:docs|bench|grafana-plugin)\/.*\.(?:md|yaml)|docker-compose\.yml|deploy\/.*|alert-rules\/.*\.yml|dashboards\/json\/.*\.json)$/.test(
    file,
  ),
)

/** Code with texts for users: messages, errors, helps, descriptions. */
const sources = files.filter(
  file =>
    !/\.test\.tsx?$/.test(file) &&
    /^(?:alert-rules|cli|core|dashboards|decoding|elastic|exporter|grafana-plugin\/src|policy|promql|remediation|service|tools)\/.*\.(?:tsx?|js)$/.test(
      file,
    ),
)

interface Place {
  readonly file: string
  readonly line: number
  readonly text: string
}

function linesOf(file: string, text: string): Place[] {
  return text.split('\n').map((line, index) => ({ file, line: index + 1, text: line }))
}

/** A page without its names in code: a metric, a key or a file may contain any word. */
function prose(file: string): Place[] {
  const text = read(file)
  return linesOf(file, file.endsWith('.md') ? text.replace(/`[^`\n]*`/g, '``') : text)
}

/** String literals of more than one word; comments are for developers. */
function stringsOf(file: string): Place[] {
  const blank = (comment: string) => comment.replace(/[^\n]/g, ' ')
  const code = read(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, blank)
  const literals = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g
  return [...code.matchAll(literals)]
    .filter(([literal]) => /\w \w/.test(literal))
    .flatMap(({ 0: literal, index }) => {
      const before = code.slice(0, index).split('\n').length - 1
      const written = literal.replace(/\$\{[^}]*\}/g, blank)
      return linesOf(file, written).map(place => ({ ...place, line: place.line + before }))
    })
}

/** What a reader sees of the page: its script and style are left out, a tag ends a line. */
function visible(markup: string): string {
  return markup
    .replace(/<(script|style)>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*?(?:aria-label="([^"]*)")?[^>]*>/g, '\n$1\n')
}

function found(places: readonly Place[]): string[] {
  return places.flatMap(({ file, line, text }) =>
    [...text.matchAll(banned)].map(([word]) => `${file}:${line}: "${word}" in: ${text.trim().slice(0, 120)}`),
  )
}

describe('words that docs/glossary.md keeps out of what users read', () => {
  it('are a list of words', () => {
    expect(bannedWords.length).toBeGreaterThan(30)
    expect(bannedWords).toEqual([...new Set(bannedWords)])
    expect(found(linesOf('a', 'Nobody was\ntold anew'))).toEqual([
      'a:1: "Nobody" in: Nobody was',
      'a:2: "told" in: told anew',
      'a:2: "anew" in: told anew',
    ])
  })

  it.each(Object.entries(exclusions))('%s', (_, excluded) => {
    expect(files.filter(file => excluded.test(file))).not.toEqual([])
  })

  it('are in no page of the documentation, no alert and no dashboard', () => {
    const places = texts.filter(file => !isExcluded(file)).flatMap(prose)
    expect(places.length).toBeGreaterThan(1_000)
    expect(found(places)).toEqual([])
  })

  it('are in no message, error, help or description', () => {
    const places = sources.flatMap(stringsOf)
    expect(places.length).toBeGreaterThan(1_000)
    expect(found(places)).toEqual([])
  })

  it.each([
    ['sample', sampleModel()],
    ['empty', emptyModel()],
  ])('are not on the page of the %s model', (name, model) => {
    expect(found(linesOf(`page of the ${name} model`, visible(renderPage(model))))).toEqual([])
  })
})
