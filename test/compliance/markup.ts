/** An element of a document as a strict reader sees it. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly (Element | string)[]
}

const VOID = new Set(['meta', 'br'])
const RAW = new Set(['style'])
const TAG = /^<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?: [a-zA-Z-]+(?:="[^"<]*")?)*)(\/?)>/
const ATTRIBUTE = / ([a-zA-Z-]+)(?:="([^"<]*)")?/g
const ENTITY = /&(?!(?:amp|lt|gt|quot|#39);)/

/**
 * Reads a document by rules that are stricter than those of HTML: every element is closed in its place, every attribute is
 * quoted, and no `<` or `&` is in a text but as markup. Throws with the place where one is broken.
 */
export function readMarkup(source: string): Element {
  const root = { name: '', attributes: {}, children: [] as (Element | string)[] }
  const open: (typeof root)[] = [root]
  let at = source.startsWith('<!doctype html>\n') ? '<!doctype html>\n'.length : 0
  const fail = (why: string): never => {
    throw new Error(`${why} at ${JSON.stringify(source.slice(at, at + 80))}`)
  }
  while (at < source.length) {
    const parent = open.at(-1) as typeof root
    const next = source.indexOf('<', at)
    const text = source.slice(at, next < 0 ? source.length : next)
    if (ENTITY.test(text)) fail('a bare ampersand')
    if (text !== '') parent.children.push(text)
    at += text.length
    if (next < 0) break
    const [whole = '', end, name = '', attributes = '', self] =
      TAG.exec(source.slice(at, at + 30_000)) ?? fail('no tag')
    at += whole.length
    if (end === '/') {
      if (parent.name !== name) fail(`</${name}> closes <${parent.name}>`)
      open.pop()
      continue
    }
    const element = { name, attributes: attributesOf(attributes, fail), children: [] as (Element | string)[] }
    parent.children.push(element)
    if (RAW.has(name)) {
      const close = source.indexOf(`</${name}>`, at)
      element.children.push(source.slice(at, close))
      at = close + name.length + 3
    } else if (self !== '/' && !VOID.has(name)) open.push(element)
  }
  if (open.length > 1) fail(`<${open.at(-1)?.name}> is open`)
  const [html] = root.children
  if (typeof html !== 'object') throw new Error('no element')
  return html
}

function attributesOf(source: string, fail: (why: string) => never): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name = '', value = ''] of source.matchAll(ATTRIBUTE)) {
    if (Object.hasOwn(attributes, name)) fail(`${name} twice`)
    if (ENTITY.test(value)) fail('a bare ampersand')
    attributes[name] = value
  }
  return attributes
}

/** The element and all that are in it. */
export function elementsOf(element: Element): Element[] {
  return [element, ...element.children.flatMap(child => (typeof child === 'string' ? [] : elementsOf(child)))]
}

const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/** The text in an element, as a reader sees it. */
export function textOf(element: Element | string): string {
  if (typeof element === 'string')
    return element.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => characters[name] as string)
  return element.children.map(textOf).join('')
}
