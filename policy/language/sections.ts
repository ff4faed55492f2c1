import type { Keyword } from './vocabulary.ts'

/** Where the YAML form has the blocks of a keyword, and in which key what follows the keyword in the text form. */
export const sections = {
  zone: { section: 'zones', name: 'name' },
  list: { section: 'lists', name: 'name' },
  allow: { section: 'rules', name: 'name' },
  role: { section: 'roles', name: 'name' },
  expect: { section: 'expectations', name: 'expect' },
} as const satisfies Record<Exclude<Keyword, 'policy'>, { section: string; name: string }>
