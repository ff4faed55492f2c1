/**
 * The page's colours by role, for both colour schemes. Blue, amber and red are distinguishable with colour blindness.
 */
const light = {
  page: '#f3f5f8',
  surface: '#ffffff',
  sunken: '#eef1f5',
  line: '#d5dce4',
  text: '#17212b',
  muted: '#52606e',
  link: '#0b57a4',
  focus: '#0b57a4',
  good: '#1a7044',
  normal: '#3d79b8',
  elevated: '#8a5200',
  elevatedBar: '#c77700',
  elevatedTint: '#fff3da',
  anomalous: '#b0131c',
  anomalousBar: '#cf222e',
  anomalousTint: '#ffebe9',
  hatch: '#77838f',
}

export type ColourRole = keyof typeof light

const dark: Readonly<Record<ColourRole, string>> = {
  page: '#0d1218',
  surface: '#151c24',
  sunken: '#1c252f',
  line: '#2b3743',
  text: '#e3e9f0',
  muted: '#9eacba',
  link: '#82bbff',
  focus: '#82bbff',
  good: '#63c58c',
  normal: '#5f9fdc',
  elevated: '#f0bc52',
  elevatedBar: '#dd9c26',
  elevatedTint: '#2b2412',
  anomalous: '#ff938b',
  anomalousBar: '#f0524a',
  anomalousTint: '#351a1c',
  hatch: '#7d8a97',
}

export const palettes = { light, dark } as const

/**
 * Foreground and background roles, and the contrast ratio that WCAG 2.2 AA requires (4.5 for text, 3 for graphics and
 * focus).
 */
export const contrasts: readonly {
  readonly of: ColourRole
  readonly on: readonly ColourRole[]
  readonly least: number
}[] = [
  { of: 'text', on: ['page', 'surface', 'sunken', 'elevatedTint', 'anomalousTint'], least: 4.5 },
  { of: 'muted', on: ['page', 'surface', 'sunken', 'elevatedTint', 'anomalousTint'], least: 4.5 },
  { of: 'link', on: ['page', 'surface', 'sunken', 'elevatedTint', 'anomalousTint'], least: 4.5 },
  { of: 'good', on: ['page', 'surface', 'sunken'], least: 4.5 },
  { of: 'elevated', on: ['page', 'surface', 'sunken', 'elevatedTint', 'anomalousTint'], least: 4.5 },
  { of: 'anomalous', on: ['page', 'surface', 'sunken', 'anomalousTint'], least: 4.5 },
  { of: 'normal', on: ['surface'], least: 3 },
  { of: 'elevatedBar', on: ['surface'], least: 3 },
  { of: 'anomalousBar', on: ['surface'], least: 3 },
  { of: 'hatch', on: ['surface'], least: 3 },
  { of: 'focus', on: ['page', 'surface', 'elevatedTint', 'anomalousTint'], least: 3 },
]

/** CSS custom properties, named after the roles. */
export function customProperties(palette: Readonly<Record<ColourRole, string>>): string {
  return Object.entries(palette)
    .map(([role, colour]) => `--${role}:${colour}`)
    .join(';')
}
