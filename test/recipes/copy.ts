import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { repositoryFiles, root } from '../structure/source-files.ts'
import { edited, type Omission, type Recipe } from './recipe.ts'
import { run } from './run.ts'

const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url))

/** The content of files by their path below the root; undefined where there is no such file. */
type Files = ReadonlyMap<string, string | undefined>

/** A copy of the checkout in which recipes are followed. */
export class Copy {
  readonly folder = mkdtempSync(join(tmpdir(), 'clawtrust-recipes-'))
  readonly #recipes: readonly Recipe[]
  /** Generated files before the recipes were followed, and after. */
  readonly #generated = new Map<string, { readonly stale: string | undefined; readonly fresh: string }>()
  #now: Files = new Map()

  constructor(recipes: readonly Recipe[]) {
    this.#recipes = recipes
    for (const path of repositoryFiles()) {
      // What follows recipes is left out: a copy needs no copy.
      if (!path.startsWith('test/recipes/')) cpSync(join(root, path), join(this.folder, path))
    }
    for (const modules of ['node_modules', 'tools/runtime/node_modules'])
      symlinkSync(join(root, modules), join(this.folder, modules))
  }

  /** Follows every recipe to its end. */
  async follow(): Promise<void> {
    // Some tests ask git which files there are.
    await run(this.folder, 'git', ['init', '--quiet'])
    this.#change(this.#followed([]))
    const { output } = await run(this.folder, process.execPath, this.#commandOf('generate'))
    for (const [, path = ''] of output.matchAll(/^wrote (.*)$/gm))
      this.#generated.set(path, { stale: readIfThere(join(root, path)), fresh: this.#read(path) ?? '' })
    this.#now = this.#followed([])
  }

  /** The same, but for some places. Those that were left out before are there again. */
  leaveOut(omissions: readonly Omission[]): void {
    this.#change(this.#followed(omissions))
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }

  /** Files that recipes add or edit, as they are now; generated ones are not among them. */
  get written(): readonly string[] {
    return [...this.#now.keys()].filter(path => !this.#generated.has(path))
  }

  /** The arguments for Node.js of a script of package.json. */
  #commandOf(script: string): string[] {
    const [node, ...args] = String(JSON.parse(this.#read('package.json') ?? '').scripts[script]).split(' ')
    if (node !== 'node') throw new Error(`npm run ${script} does not begin with node`)
    return args
  }

  /** Every file that the recipes add, edit or generate. */
  #followed(omissions: readonly Omission[]): Files {
    const files = new Map<string, string | undefined>()
    for (const { member, edits } of this.#recipes) {
      for (const path of filesBelow(join(fixtures, member))) {
        if (existsSync(join(root, path)))
          throw new Error(`${path} is there already: give test/recipes/ another example`)
        files.set(path, readFileSync(join(fixtures, member, path), 'utf8'))
      }
      for (const edit of edits) {
        const text = files.get(edit.file) ?? readFileSync(join(root, edit.file), 'utf8')
        const isLeftOut = omissions.some(omission => 'edit' in omission && omission.edit === edit)
        files.set(edit.file, isLeftOut ? text : edited(text, edit))
      }
    }
    for (const [path, { fresh }] of this.#generated) files.set(path, fresh)
    for (const omission of omissions) {
      if ('added' in omission) files.set(omission.added, undefined)
      if ('stale' in omission) files.set(omission.stale, this.#generated.get(omission.stale)?.stale)
      if ('mistake' in omission) {
        const { mistake } = omission
        files.set(mistake.file, edited(files.get(mistake.file) ?? '', mistake))
      }
    }
    return files
  }

  #change(files: Files): void {
    for (const [path, text] of files) {
      const file = join(this.folder, path)
      if (this.#now.has(path) && this.#now.get(path) === text) continue
      if (text === undefined) rmSync(file)
      else {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, text)
      }
    }
    this.#now = files
  }

  #read(path: string): string | undefined {
    return readIfThere(join(this.folder, path))
  }
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
