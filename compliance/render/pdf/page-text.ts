import { Fault } from '../../../core/errors.ts'
import type { PdfFile } from './file.ts'
import {
  isDictionary,
  isName,
  isReference,
  isStream,
  isString,
  isWord,
  type PdfDictionary,
  PdfReader,
  type PdfValue,
} from './objects.ts'

/** Forms within forms; Chromium has one or two. */
const MAX_FORMS = 8
/** Operators of one page; a full page of a report has 20,000. */
const MAX_OPERATORS = 2_000_000
/** Glyphs of one font, each of two bytes. */
const MAX_GLYPHS = 65_536

/** The text of a page as its fonts map glyphs to characters. Where the line changes is a line break. */
export function textOfPage(file: PdfFile, page: PdfDictionary): string {
  const text = new LineText()
  readContent(file, page.get('Contents'), file.resolve(page.get('Resources')), text, 0)
  return text.toString()
}

/** Glyphs in the order in which they are drawn, with a space or a line break where their places are apart. */
class LineText {
  #lines: string[] = []
  #line = ''
  #x = 0
  #y = 0
  #size = 1
  #isFresh = true
  #operators = 0

  /** Called for each operator. @throws Fault where there are more than any page has */
  count(): void {
    this.#operators += 1
    if (this.#operators > MAX_OPERATORS) throw new Fault('the content of a page has no end')
  }

  font(size: number): void {
    this.#size = Math.abs(size) || 1
  }

  /** A new place on the page: of a line, or of the next glyphs on the same one. */
  place(x: number, y: number): void {
    const isOtherLine = Math.abs(y - this.#y) > this.#size / 4
    const isApart = x < this.#x - this.#size / 4 || x > this.#x + 1.05 * this.#size
    if (isOtherLine) this.#break()
    else if (isApart && !this.#isFresh) this.#line += '\t'
    this.#x = x
    this.#y = y
  }

  move(x: number, y: number): void {
    this.#x += x
    this.#y += y
  }

  add(characters: string): void {
    this.#line += characters
    this.#isFresh = false
  }

  toString(): string {
    this.#break()
    return this.#lines.join('\n')
  }

  #break(): void {
    if (this.#line.trim() !== '') this.#lines.push(this.#line.trim())
    this.#line = ''
    this.#isFresh = true
  }
}

type Decoder = (bytes: string) => string

function readContent(
  file: PdfFile,
  contents: PdfValue | undefined,
  resources: PdfValue,
  text: LineText,
  depth: number,
): void {
  const stream = file.resolve(contents)
  if (!isStream(stream) || depth > MAX_FORMS) return
  const reader = new PdfReader(file.inflated(stream).toString('latin1'))
  const fonts = new Map<string, Decoder>()
  let decode: Decoder = () => ''
  let operands: PdfValue[] = []
  const named = (kind: string, value: PdfValue | undefined): PdfValue => {
    const group = isDictionary(resources) ? file.resolve(resources.get(kind)) : null
    return isName(value) && isDictionary(group) ? file.resolve(group.get(value.name)) : null
  }
  const operators: Readonly<Record<string, () => void>> = {
    Tf: () => {
      const [name, size] = operands
      text.font(typeof size === 'number' ? size : 1)
      if (!isName(name)) return
      if (!fonts.has(name.name)) fonts.set(name.name, decoderOf(file, named('Font', name)))
      decode = fonts.get(name.name) as Decoder
    },
    Tm: () => text.place(numberAt(operands, 4), numberAt(operands, 5)),
    Td: () => text.move(numberAt(operands, 0), numberAt(operands, 1)),
    Tj: () =>
      text.add(
        operands
          .filter(isString)
          .map(({ bytes }) => decode(bytes))
          .join(''),
      ),
    TJ: () => {
      const [items] = operands
      if (Array.isArray(items))
        text.add(
          items
            .filter(isString)
            .map(({ bytes }) => decode(bytes))
            .join(''),
        )
    },
    Do: () => {
      const form = named('XObject', operands[0])
      if (isStream(form)) readForm(file, form, resources, text, depth)
    },
  }
  while (!reader.isAtEnd()) {
    const found = reader.next()
    if (!isWord(found)) operands.push(found)
    else {
      text.count()
      if (Object.hasOwn(operators, found.word)) operators[found.word]?.()
      operands = []
    }
  }
}

function readForm(file: PdfFile, form: PdfValue, outer: PdfValue, text: LineText, depth: number): void {
  if (!isStream(form)) return
  const subtype = form.dictionary.get('Subtype')
  if (!isName(subtype) || subtype.name !== 'Form') return
  readContent(file, form, file.resolve(form.dictionary.get('Resources')) ?? outer, text, depth + 1)
}

const numberAt = (operands: readonly PdfValue[], index: number): number => {
  const value = operands[index]
  return typeof value === 'number' ? value : 0
}

/** From the glyphs of a font, two bytes each, to characters. */
function decoderOf(file: PdfFile, font: PdfValue): Decoder {
  if (!isDictionary(font)) return () => ''
  const mapped = file.resolve(font.get('ToUnicode'))
  if (!isStream(mapped)) return () => ''
  const characters = readMap(file.inflated(mapped).toString('latin1'))
  return bytes => {
    let decoded = ''
    for (let at = 0; at + 1 < bytes.length; at += 2) decoded += characters.get(unitAt(bytes, at)) ?? '\uFFFD'
    return decoded
  }
}

const unitAt = (bytes: string, at: number): number => bytes.charCodeAt(at) * 256 + bytes.charCodeAt(at + 1)

/** Sections `beginbfchar` (glyph, characters) and `beginbfrange` (first, last, characters of the first). */
function readMap(source: string): ReadonlyMap<number, string> {
  const characters = new Map<number, string>()
  const reader = new PdfReader(source)
  let values: PdfValue[] = []
  while (!reader.isAtEnd()) {
    const found = reader.next()
    if (!isWord(found)) {
      if (!isReference(found)) values.push(found)
      continue
    }
    const strings = values.filter(isString).map(({ bytes }) => bytes)
    if (found.word === 'endbfchar') {
      for (let at = 0; at + 1 < strings.length; at += 2)
        characters.set(unitAt(strings[at] as string, 0), utf16(strings[at + 1] as string))
    } else if (found.word === 'endbfrange') {
      for (let at = 0; at + 2 < strings.length; at += 3)
        readRange(strings.slice(at, at + 3) as [string, string, string], characters)
    }
    values = []
  }
  return characters
}

function readRange([first, last, characters]: readonly [string, string, string], into: Map<number, string>): void {
  const start = unitAt(first, 0)
  const base = utf16(characters)
  const head = base.slice(0, -1)
  const unit = base.charCodeAt(base.length - 1)
  const end = Math.min(unitAt(last, 0), start + MAX_GLYPHS - into.size)
  for (let glyph = start; glyph <= end; glyph += 1) into.set(glyph, head + String.fromCharCode(unit + glyph - start))
}

const utf16 = (bytes: string): string =>
  Buffer.from(bytes, 'latin1')
    .subarray(0, bytes.length & ~1)
    .swap16()
    .toString('utf16le')
