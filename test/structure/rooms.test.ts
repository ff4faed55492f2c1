import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { isSource, isTest, read, repositoryFiles } from './source-files.ts'

/** The rooms of a part, lowest first: each imports only those before it. Files beside the rooms are above them all. */
const orders: Readonly<Record<string, readonly string[]>> = {
  remediation: ['domain', 'metrics', 'store', 'enrichment', 'decision', 'steps', 'intake', 'responder', 'operator'],
}

interface Import {
  readonly from: string
  readonly to: string
}

const roomOf = (path: string): string | undefined => (path.split('/').length > 2 ? path.split('/')[1] : undefined)

/** Imports of a part that lead from a room into a later one, or out of a room to a file beside the rooms. */
function upward(imports: readonly Import[], order: readonly string[]): readonly Import[] {
  const floor = (path: string) => {
    const room = roomOf(path)
    return room === undefined ? order.length : order.indexOf(room)
  }
  return imports.filter(({ from, to }) => floor(to) > floor(from))
}

/** Rooms that reach each other, over other rooms too. */
function circles(imports: readonly Import[]): readonly string[] {
  const edges = new Map<string, Set<string>>()
  for (const { from, to } of imports) {
    const [one, other] = [roomOf(from) ?? '', roomOf(to) ?? '']
    if (one !== other) edges.set(one, (edges.get(one) ?? new Set()).add(other))
  }
  const reached = (room: string, seen: Set<string>): Set<string> => {
    for (const next of edges.get(room) ?? []) {
      if (!seen.has(next)) reached(next, seen.add(next))
    }
    return seen
  }
  return [...edges.keys()].filter(room => reached(room, new Set()).has(room))
}

describe.each(Object.entries(orders))('the rooms of %s', (part, order) => {
  const files = repositoryFiles().filter(path => path.startsWith(`${part}/`) && isSource(path) && !isTest(path))
  const imports = files.flatMap(from =>
    [...read(from).matchAll(/^(?:import|export)\s[^'"]*['"](\.[^'"]+)['"]/gm)]
      .map(([, to = '']) => ({ from, to: normalize(join(dirname(from), to)) }))
      .filter(({ to }) => to.startsWith(`${part}/`)),
  )

  it('all have their place in the order', () => {
    const rooms = new Set(files.map(roomOf).filter(room => room !== undefined))
    expect([...rooms].sort()).toEqual([...order].sort())
    expect(imports.length).toBeGreaterThan(files.length)
  })

  it('import nothing that lies above them', () => {
    expect(upward(imports, order)).toEqual([])
  })

  it('form no circle', () => {
    expect(circles(imports)).toEqual([])
  })
})

describe('the measure of rooms', () => {
  const order = ['ground', 'first', 'second']
  const up = { from: 'part/ground/a.ts', to: 'part/second/deep/b.ts' }
  const down = { from: 'part/second/b.ts', to: 'part/first/c.ts' }
  const further = { from: 'part/first/c.ts', to: 'part/ground/d.ts' }

  it('sees what runs upward, also to a file beside the rooms', () => {
    const out = { from: 'part/second/b.ts', to: 'part/engine.ts' }
    expect(upward([up, down, further, out], order)).toEqual([up, out])
  })

  it('sees a circle over several rooms', () => {
    expect(circles([down, further])).toEqual([])
    expect([...circles([up, down, further])].sort()).toEqual(['first', 'ground', 'second'])
  })
})
