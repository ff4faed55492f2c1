import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { dataText, idOf } from '../../../service/page/data-text.ts'
import { html } from '../../../service/page/html.ts'
import { visible } from '../../../service/page/visible.ts'
import { codePoint } from '../../code-point.ts'

describe('html', () => {
  it('escapes text for element content and attributes', () => {
    expect(html`<i title="${'a"b'}">${"<script>alert('&')</script>"}</i>`.markup).toBe(
      '<i title="a&quot;b">&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</i>',
    )
  })

  it('takes its own markup as it stands, lists in order, and nothing for undefined', () => {
    expect(html`<ul>${['a', 'b'].map(item => html`<li>${item}</li>`)}${undefined}${0}</ul>`.markup).toBe(
      '<ul><li>a</li><li>b</li>0</ul>',
    )
  })

  it('never lets any text bring markup, controls or direction marks of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), text => {
        const { markup } = html`${text}`
        expect(markup).not.toMatch(/[<>"'\p{Cc}\p{Cf}\p{Cs}]/u)
        expect(markup.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&')
      }),
    )
  })
})

describe('visible', () => {
  it.each([
    ['bidi override', 'a\u202eb', 'a\\u202eb'],
    ['isolate', '\u2066x\u2069', '\\u2066x\\u2069'],
    ['escape sequence', '\u001b[31m', '\\x1b[31m'],
    ['line feed', 'a\nb', 'a\\nb'],
    ['zero width space', 'a\u200bb', 'a\\u200bb'],
    ['lone surrogate', 'a\ud800b', 'a\\ud800b'],
    ['tag character', '\u{e0041}', '\\u{e0041}'],
    ['marks beyond the third', 'e\u0301\u0301\u0301\u0301', 'e\u0301\u0301\u0301\\u0301'],
    ['honest letters', 'Zürich العربية 東京 😀', 'Zürich العربية 東京 😀'],
  ])('shows a %s', (_, text, shown) => {
    expect(visible(text)).toBe(shown)
  })
})

describe('dataText', () => {
  it('isolates the reading direction', () => {
    expect(dataText('العربية').markup).toBe('<bdi class="data">العربية</bdi>')
  })

  it('cuts long text and tells its full length', () => {
    const { markup } = dataText('x'.repeat(5000), 64)
    expect(markup).toContain(`>${'x'.repeat(64)}</bdi>`)
    expect(markup).toContain('(5,000 characters)')
    expect(markup.length).toBeLessThan(200)
  })

  it('never cuts a character in half', () => {
    expect(dataText('😀'.repeat(10), 3).markup).toContain('>😀😀😀</bdi>')
  })

  it('makes different ids of different texts, safe in an attribute and an address', () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), fc.string({ unit: codePoint }), (one, other) => {
        expect(idOf('zone', one)).toMatch(/^zone-[a-z0-9_-]*$/)
        expect(idOf('zone', one) === idOf('zone', other)).toBe(one === other)
      }),
    )
  })
})
