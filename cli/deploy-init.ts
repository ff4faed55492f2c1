import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, chown, type FileHandle, mkdir, open, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { ClawtrustError, failureReason } from '../core/errors.ts'
import type { CliContext } from './context.ts'

/** The user and the group of the images of clawtrust and Elasticsearch; the other services are in the group. */
export const CONTAINER_USER = 1000

const FOLDER_MODE = 0o750
/** Elasticsearch refuses a password file that its group may read. */
const OWNER_ONLY = 0o600
const GROUP_READS = 0o640

interface DeploySecret {
  /** Relative to the folder of the secrets; a service mounts only the folders that it needs. */
  readonly file: string
  readonly mode: number
  readonly use: string
}

/** Every secret of docker-compose.yml that can be made up. */
export const deploySecrets: readonly DeploySecret[] = [
  { file: 'elasticsearch/password', mode: OWNER_ONLY, use: 'the password of elastic, the administrator' },
  { file: 'reader/password', mode: GROUP_READS, use: 'the password of the user clawtrust, who reads the logs' },
  { file: 'shipper/password', mode: GROUP_READS, use: 'the password of the user openclaw_shipper, who writes them' },
  { file: 'scrape/token', mode: GROUP_READS, use: 'the token of Prometheus for /metrics' },
  { file: 'webhook/token', mode: GROUP_READS, use: 'the token of Alertmanager for the webhook of remediation' },
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
    .addHelpText('after', '\nExample: docker compose run --rm init')
    .action(async ({ secrets }: { readonly secrets: string }) => {
      const lines = await initSecrets(resolve(context.folder, secrets), process.getuid?.() === 0)
      for (const line of lines) context.stdout.write(`${line}\n`)
    })
  return new Command('deploy')
    .summary('prepares a deployment with Docker Compose')
    .description('Prepares a deployment with Docker Compose (docs/deploy.md).')
    .addCommand(init)
}

/**
 * Writes the secrets that do not exist.
 *
 * @param mayChown true where owners can be set (root)
 * @returns one line for each secret, then what is missing and what is next
 * @throws ClawtrustError USAGE if the folder does not exist or cannot be written
 */
export async function initSecrets(root: string, mayChown: boolean): Promise<readonly string[]> {
  const owner = await stat(root).then(
    ({ uid }) => uid,
    error => {
      throw new ClawtrustError('USAGE', `${root} cannot be used (${failureReason(error)}); run this in the clone`)
    },
  )
  const lines: string[] = []
  const unreadable: string[] = []
  const empty: string[] = []
  for (const secret of [...deploySecrets, receiverUrl]) {
    const state = await settle(root, secret, { owner, mayChown }).catch(error => {
      throw new ClawtrustError('USAGE', `${secret.file} in ${root} cannot be written (${failureReason(error)})`)
    })
    lines.push(`${state.what.padEnd(9)}${secret.file}: ${secret.use}`)
    if (!state.isReadable) unreadable.push(secret.file)
    if (state.what === 'EMPTY') empty.push(secret.file)
  }
  const chownHint = `The user of the containers (${CONTAINER_USER}) cannot read ${unreadable.join(', ')}: run docker compose run --rm init, which sets the owners.`
  return [
    ...lines,
    ...(unreadable.length === 0 ? [] : [chownHint]),
    ...(empty.length === 0 ? [] : [`Delete ${empty.join(', ')} and run this again, or write the secret yourself.`]),
    'Next: docker compose up -d --wait',
    `Alerts are sent to no person before ${receiverUrl.file} exists (docs/deploy.md).`,
  ]
}

interface Settled {
  readonly what: 'written' | 'kept' | 'EMPTY' | 'no file' | 'yours'
  /** True unless the containers cannot read it. */
  readonly isReadable: boolean
}

interface Ownership {
  /** Who owns the folders, and may replace the files in them. */
  readonly owner: number
  readonly mayChown: boolean
}

async function settle(root: string, secret: DeploySecret, { owner, mayChown }: Ownership): Promise<Settled> {
  const folder = join(root, secret.file.split('/')[0] ?? '')
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE })
  if (mayChown) {
    await chown(folder, owner, CONTAINER_USER)
    await chmod(folder, FOLDER_MODE)
  }
  const path = join(root, secret.file)
  const isYours = secret === receiverUrl
  const written = isYours ? undefined : await create(path, secret.mode)
  const file = written ?? (await existing(path))
  if (file === undefined) return { what: isYours ? 'yours' : 'no file', isReadable: isYours }
  try {
    if (mayChown) {
      await file.chmod(secret.mode)
      await file.chown(CONTAINER_USER, CONTAINER_USER)
    }
    const { uid, gid, mode, size } = await file.stat()
    const what = written !== undefined ? 'written' : size === 0 ? 'EMPTY' : 'kept'
    const byGroup = secret.mode === GROUP_READS && gid === CONTAINER_USER && (mode & 0o040) !== 0
    return { what, isReadable: uid === CONTAINER_USER || byGroup }
  } finally {
    await file.close()
  }
}

/** A new file with a random value; undefined where there is one. */
async function create(path: string, mode: number): Promise<FileHandle | undefined> {
  const file = await open(path, 'wx', mode).catch(error => {
    if (error.code === 'EEXIST') return undefined
    throw error
  })
  // 256 bits, in characters that every password and header may hold.
  await file?.writeFile(randomBytes(32).toString('hex'))
  return file
}

/** A regular file, never one to which a link leads: its owner is changed. */
async function existing(path: string): Promise<FileHandle | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(error => {
    if (['ENOENT', 'ELOOP'].includes(error.code)) return undefined
    throw error
  })
  if (file === undefined || (await file.stat()).isFile()) return file
  await file.close()
  return undefined
}
