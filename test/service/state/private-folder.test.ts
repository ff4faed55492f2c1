import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ownFolder } from '../../../service/state/ownership.ts'
import { findStateFolder, type Owner, preparePrivateFolder } from '../../../service/state/private-folder.ts'

const place = { service: 'exporter', database: 'state.db' } as const
const me = process.geteuid?.() ?? 0
const noMount = () => false
const owner: Owner = { user: me, isMountPoint: noMount }
/** Only root can give a file away; an ordinary user runs the service as somebody else instead. */
const stranger: Owner = { user: me === 0 ? 0 : me + 1, isMountPoint: noMount }
const giveAway = (path: string) => (me === 0 ? lchownSync(path, 4_711, 4_711) : undefined)

describe('the folder of a service', () => {
  let base: string
  let stateDir: string
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'clawtrust-private-'))
    stateDir = join(base, 'state')
  })
  afterEach(() => rmSync(base, { recursive: true, force: true }))

  const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)
  const write = (name: string, text: string) => {
    writeFileSync(join(stateDir, name), text, { mode: 0o644 })
  }

  it('is made for its owner alone, and a second start changes nothing', () => {
    expect(preparePrivateFolder(stateDir, place, owner)).toEqual({ folder: join(stateDir, 'exporter'), changes: [] })
    expect([modeOf(stateDir), modeOf(join(stateDir, 'exporter'))]).toEqual(['700', '700'])
    expect(preparePrivateFolder(stateDir, place, owner).changes).toEqual([])
  })

  it('takes the files of an earlier version, closes them and says so once', () => {
    mkdirSync(stateDir, { mode: 0o755 })
    for (const name of ['state.db', 'state.db-wal', 'state.db.v1-backup', 'of-others.db']) write(name, name)
    expect(findStateFolder(stateDir, place)).toBe(stateDir)
    const { folder, changes } = preparePrivateFolder(stateDir, place, owner)
    expect(readdirSync(folder).sort()).toEqual(['state.db', 'state.db-wal', 'state.db.v1-backup'])
    for (const name of readdirSync(folder)) {
      expect([modeOf(join(folder, name)), readFileSync(join(folder, name), 'utf8')]).toEqual(['600', name])
    }
    expect(readdirSync(stateDir).sort()).toEqual(['exporter', 'of-others.db'])
    expect(changes).toEqual([
      `The state of an earlier version was moved from ${stateDir} to ${folder}.`,
      expect.stringMatching(/their mode is now 0600: .*state\.db/),
    ])
    expect(findStateFolder(stateDir, place)).toBe(folder)
    expect(preparePrivateFolder(stateDir, place, owner).changes).toEqual([])
  })

  it('continues a move that was interrupted', () => {
    mkdirSync(join(stateDir, 'exporter'), { recursive: true })
    write('exporter/state.db-wal', 'log')
    write('state.db', 'pages')
    const { folder } = preparePrivateFolder(stateDir, place, owner)
    expect(readdirSync(folder).sort()).toEqual(['state.db', 'state.db-wal'])
  })

  it('is not taken from an earlier version that still runs', () => {
    mkdirSync(stateDir)
    write('state.db', 'pages')
    const running = ownFolder(stateDir)
    expect(() => preparePrivateFolder(stateDir, place, owner)).toThrow(
      expect.objectContaining({ code: 'STATE_FOLDER_IN_USE' }),
    )
    expect(existsSync(join(stateDir, 'state.db'))).toBe(true)
    running[Symbol.dispose]()
    expect(preparePrivateFolder(stateDir, place, owner).changes).toHaveLength(2)
  })

  it('never replaces a state by another', () => {
    mkdirSync(join(stateDir, 'exporter'), { recursive: true })
    write('state.db', 'earlier')
    write('exporter/state.db', 'later')
    expect(() => preparePrivateFolder(stateDir, place, owner)).toThrow(/both .* exist; move one of them away/)
  })

  it('that is open to others is closed, and so is a parent that others may write into', () => {
    mkdirSync(join(stateDir, 'exporter'), { recursive: true })
    chmodSync(stateDir, 0o777)
    chmodSync(join(stateDir, 'exporter'), 0o755)
    const { changes } = preparePrivateFolder(stateDir, place, owner)
    expect([modeOf(stateDir), modeOf(join(stateDir, 'exporter'))]).toEqual(['755', '700'])
    expect(changes).toEqual([
      expect.stringContaining('was writable for other users'),
      expect.stringContaining('its mode is now 0700'),
    ])
  })

  it.each([
    ['sticky', 0o1777, owner],
    ['a volume of the service (emptyDir)', 0o777, { ...owner, isMountPoint: (folder: string) => folder === stateDir }],
    ['a volume with the group of the service (fsGroup)', 0o2775, { ...owner, isMountPoint: () => true }],
  ])('may be in a shared folder that is %s', (_, mode, user) => {
    mkdirSync(stateDir)
    chmodSync(stateDir, mode)
    expect(preparePrivateFolder(stateDir, place, user).changes).toEqual([])
    expect([modeOf(stateDir), modeOf(join(stateDir, 'exporter')).slice(-3)]).toEqual([mode.toString(8), '700'])
  })

  it('is refused below a link of another user, and taken below its own', () => {
    mkdirSync(join(base, 'real'))
    symlinkSync(join(base, 'real'), stateDir)
    expect(preparePrivateFolder(stateDir, place, owner).folder).toBe(join(stateDir, 'exporter'))
    giveAway(stateDir)
    expect(() => preparePrivateFolder(stateDir, place, stranger)).toThrow(
      /is a symbolic link of another user; remove it/,
    )
  })

  it('is refused behind a chain of links of which one belongs to another user', () => {
    mkdirSync(join(base, 'real'))
    symlinkSync('real', join(base, 'second'))
    giveAway(join(base, 'second'))
    symlinkSync(join(base, 'second', 'deeper'), stateDir)
    expect(() => preparePrivateFolder(stateDir, place, stranger)).toThrow(/symbolic link of another user/)
  })

  it('is refused where another user has made it, or its parent', () => {
    mkdirSync(join(stateDir, 'exporter'), { recursive: true })
    giveAway(join(stateDir, 'exporter'))
    const volume = { ...stranger, isMountPoint: () => true }
    expect(() => preparePrivateFolder(stateDir, place, volume)).toThrow(
      /exporter cannot be used: it belongs to another user/,
    )
    giveAway(stateDir)
    expect(() => preparePrivateFolder(stateDir, place, stranger)).toThrow(
      /state cannot be used: it belongs to another user/,
    )
  })

  it('is refused where it is a file, in a sentence', () => {
    mkdirSync(stateDir)
    write('exporter', '')
    expect(() => preparePrivateFolder(stateDir, place, owner)).toThrow(
      expect.objectContaining({ code: 'STATE_UNUSABLE', message: expect.stringContaining('cannot be used') }),
    )
    rmSync(join(stateDir, 'exporter'))
    renameSync(stateDir, `${stateDir}.old`)
    writeFileSync(stateDir, '')
    expect(() => preparePrivateFolder(stateDir, place, owner)).toThrow(/check that it is a folder/)
  })
})
