import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { hash } from 'bcryptjs'
import { Command, Option } from 'commander'
import { ClawtrustError, failureReason } from '../core/errors.ts'
import { FileRefused, refuseOtherKind } from '../service/files/regular-file.ts'
import type { CliContext } from './context.ts'

/** The user and the group of the images of clawtrust and Elasticsearch; the other services are in the group. */
export const CONTAINER_USER = 1000

const FOLDER_MODE = 0o750
/** Elasticsearch refuses a password file that its group may read. */
const OWNER_ONLY = 0o600
const GROUP_READS = 0o640

const BCRYPT_COST = 10

interface DeploySecret {
  /** Relative to the folder of the secrets; a service mounts only the folders that it needs. */
  readonly file: string
  readonly mode: number
  readonly use: string
  /** The password of which this file holds the hash. */
  readonly hashOf?: string
}

const ALERTMANAGER_PASSWORD = 'alertmanager/password'

/** Every secret of docker-compose.yml that can be made up. */
export const deploySecrets: readonly DeploySecret[] = [
  { file: 'elasticsearch/password', mode: OWNER_ONLY, use: 'the password of elastic, the administrator' },
  { file: 'reader/password', mode: GROUP_READS, use: 'the password of the user clawtrust, who reads the logs' },
  { file: 'shipper/password', mode: GROUP_READS, use: 'the password of the user openclaw_shipper, who writes them' },
  { file: 'scrape/token', mode: GROUP_READS, use: 'the token of Prometheus for /metrics' },
  { file: 'deliver/token', mode: GROUP_READS, use: 'the token of senders of log records (OTLP)' },
  { file: 'command/token', mode: GROUP_READS, use: 'the token of commands to the exporter' },
  { file: 'webhook/token', mode: GROUP_READS, use: 'the token of Alertmanager for the webhook of remediation' },
  { file: ALERTMANAGER_PASSWORD, mode: GROUP_READS, use: 'the password of clawtrust in Alertmanager (enforce)' },
  {
    file: 'alertmanager/web.yml',
    mode: GROUP_READS,
    use: 'the same as a hash, for Alertmanager',
    hashOf: ALERTMANAGER_PASSWORD,
  },
  { file: 'grafana/password', mode: GROUP_READS, use: 'the password of admin in Grafana' },
]

/** What users write themselves. */
export const receiverUrl: DeploySecret = {
  file: 'receiver/url',
  mode: GROUP_READS,
  use: 'the URL of the incoming webhook of Slack that gets the alerts',
}

export function deployCommand(context: CliContext): Command {
  const init = new Command('init')
    .summary('writes the secrets of docker-compose.yml')
    .description(
      'Writes a random value for each secret of docker-compose.yml that does not exist, and never overwrites one.\n' +
        'As root, it also gives all of them the owner and the mode that the containers need.',
    )
    .addOption(new Option('--secrets <folder>', 'the folder of the secrets').default('deploy/secrets'))
    .addHelpText('after', '\nIn a container, which needs no root on the host: docker compose run --rm init')
    .action(async ({ secrets }: { readonly secrets: string }) => {
      const lines = await initSecrets(resolve(context.folder, secrets), process.getuid?.() === 0)
      for (const line of lines) context.stdout.write(`${line}\n`)
    })
  return new Command('deploy')
    .description('Prepares a deployment with Docker Compose (docs/deploy.md).')
    .addCommand(init)
}

/**
 * Writes the secrets that do not exist.
 *
 * @param mayChown true where owners can be set (root)
 * @returns one line for each secret, then what is missing and what is next
 * @throws ClawtrustError USAGE if the folder does not exist or cannot be written, or a link is in the place of a folder
 */
export async function initSecrets(root: string, mayChown: boolean): Promise<readonly string[]> {
  const clone = await openFolder(root).catch(error => {
    throw new ClawtrustError('USAGE', `${root} cannot be used (${folderTrouble(error)}); run this in the clone`)
  })
  try {
    const owner = (await clone.stat()).uid
    const settled: [secret: DeploySecret, state: Settled][] = []
    for (const secret of [...deploySecrets, receiverUrl]) {
      const state = await settle(clone, secret, { owner, mayChown }).catch(error => {
        if (error instanceof ClawtrustError) throw error
        throw new ClawtrustError('USAGE', `${secret.file} in ${root} cannot be written (${failureReason(error)})`)
      })
      settled.push([secret, state])
    }
    return report(settled)
  } finally {
    await clone.close()
  }
}

function report(settled: readonly [secret: DeploySecret, state: Settled][]): readonly string[] {
  const unreadable = settled.flatMap(([{ file }, { isReadable }]) => (isReadable ? [] : [file]))
  const empty = settled.flatMap(([{ file }, { what }]) => (what === 'EMPTY' ? [file] : []))
  const chownHint = `The user of the containers (${CONTAINER_USER}) cannot read ${unreadable.join(', ')}: run docker compose run --rm init, which sets the owners.`
  return [
    ...settled.map(([{ file, use }, { what }]) => `${what.padEnd(9)}${file}: ${use}`),
    ...settled.flatMap(([{ file }, { refused }]) =>
      refused === undefined ? [] : [`${file} ${refused}: delete it and run this again.`],
    ),
    ...(unreadable.length === 0 ? [] : [chownHint]),
    ...(empty.length === 0 ? [] : [`Delete ${empty.join(', ')} and run this again, or write the secret yourself.`]),
    'Next: docker compose up -d --wait',
    `Alerts are sent to no person before ${receiverUrl.file} exists (docs/deploy.md).`,
  ]
}

interface Settled {
  readonly what: 'written' | 'kept' | 'EMPTY' | 'no file' | 'yours'
  /** False where the containers cannot read it until its owner is set. */
  readonly isReadable: boolean
  /** Why what is there is not used, to follow its path in a sentence. */
  readonly refused?: string
}

interface Ownership {
  /** Who owns the folders, and may replace the files in them. */
  readonly owner: number
  readonly mayChown: boolean
}

/**
 * Everything is opened by the handle of its folder and changed by its own: the owner of the folder can put a link in the
 * place of any name at any time, and root would give away what it leads to.
 */
async function settle(root: FileHandle, secret: DeploySecret, { owner, mayChown }: Ownership): Promise<Settled> {
  const name = dirname(secret.file)
  await mkdir(within(root, name), { mode: FOLDER_MODE }).catch(error => {
    if (error.code !== 'EEXIST') throw error
  })
  const folder = await openFolder(within(root, name)).catch(error => {
    const sentence = `${name} in the folder of the secrets cannot be used (${folderTrouble(error)})`
    throw new ClawtrustError('USAGE', `${sentence}; delete it and run this again`)
  })
  try {
    if (mayChown) {
      await folder.chown(owner, CONTAINER_USER)
      await folder.chmod(FOLDER_MODE)
    }
    return await settleFile(root, folder, secret, mayChown)
  } finally {
    await folder.close()
  }
}

async function settleFile(root: FileHandle, folder: FileHandle, secret: DeploySecret, mayChown: boolean) {
  const path = within(folder, basename(secret.file))
  const isYours = secret === receiverUrl
  const found = await openSecret(path)
  if (typeof found === 'string') return { what: 'no file', isReadable: true, refused: found } as const
  if (found === undefined && isYours) return { what: 'yours', isReadable: true } as const
  const file = found ?? (await create(path, secret.mode, await newValue(root, secret)))
  try {
    if (mayChown) {
      await file.chmod(secret.mode)
      await file.chown(CONTAINER_USER, CONTAINER_USER)
    }
    const { uid, gid, mode, size } = await file.stat()
    const what = found === undefined ? 'written' : size === 0 ? 'EMPTY' : 'kept'
    const byGroup = secret.mode === GROUP_READS && gid === CONTAINER_USER && (mode & 0o040) !== 0
    return { what, isReadable: uid === CONTAINER_USER || byGroup } as const
  } finally {
    await file.close()
  }
}

/** A name in a folder that is open, whatever has become of its path. */
const within = (folder: FileHandle, name: string) => join('/proc/self/fd', `${folder.fd}`, name)

const openFolder = (path: string) =>
  open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | constants.O_NONBLOCK)

const folderTrouble = (error: NodeJS.ErrnoException) =>
  ['ENOTDIR', 'ELOOP'].includes(error.code ?? '') ? 'it is a link or a file, not a folder' : failureReason(error)

/** A random value, or the web configuration of Alertmanager with the hash of a password. */
async function newValue(root: FileHandle, { hashOf }: DeploySecret): Promise<string> {
  // 256 bits, in characters that every password and header may hold.
  if (hashOf === undefined) return randomBytes(32).toString('hex')
  const folder = await openFolder(within(root, dirname(hashOf)))
  try {
    const file = await openSecret(within(folder, basename(hashOf)))
    // Prometheus trims it too.
    const password = file === undefined || typeof file === 'string' ? '' : (await file.readFile('utf8')).trim()
    if (typeof file === 'object') await file.close()
    // The hash of an empty one would let everyone in.
    if (password === '') throw new ClawtrustError('USAGE', `${hashOf} has no password; delete it and run this again`)
    return `basic_auth_users:\n  clawtrust: ${await hash(password, BCRYPT_COST)}\n`
  } finally {
    await folder.close()
  }
}

async function create(path: string, mode: number, value: string): Promise<FileHandle> {
  const file = await open(path, 'wx', mode)
  await file.writeFile(value)
  return file
}

/**
 * A regular file under this name alone.
 *
 * @returns undefined where there is none; why it is refused otherwise
 */
async function openSecret(path: string): Promise<FileHandle | string | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const file = await open(path, flags).catch(error => {
    if (error.code === 'ENOENT') return undefined
    if (error.code === 'ELOOP') return 'is a link and not a regular file'
    // A socket.
    if (error.code === 'ENXIO') return 'is not a regular file'
    throw error
  })
  if (file === undefined || typeof file === 'string') return file
  const refused = await refusal(file)
  if (refused === undefined) return file
  await file.close()
  return refused
}

async function refusal(file: FileHandle): Promise<string | undefined> {
  const found = await file.stat()
  try {
    refuseOtherKind(found)
  } catch (error) {
    if (error instanceof FileRefused) return error.what
    throw error
  }
  // The other name may be a file of another user.
  return found.nlink > 1 ? 'has another name (a hard link)' : undefined
}
