import { describe, expect, it } from '@jest/globals'
import { contrasts, palettes } from '../../../service/page/palette.ts'

/** Relative luminance and contrast ratio as WCAG 2.2 defines them. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map(at => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

describe('the palette', () => {
  it('is measured by a ratio that knows black on white', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  })

  const cases = Object.entries(palettes).flatMap(([scheme, palette]) =>
    contrasts.flatMap(({ of, on, least }) => on.map(ground => ({ scheme, palette, of, ground, least }))),
  )

  it.each(cases)('$scheme: $of on $ground reaches $least', ({ palette, of, ground, least }) => {
    expect(contrast(palette[of], palette[ground])).toBeGreaterThanOrEqual(least)
  })
})
