import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../../servers/run.ts'
import { javaFor, lackOfJava } from './java.ts'

/** What the tests run; another version by ES_VERSION. */
const DEFAULT_VERSION = process.env.ES_VERSION ?? '8.19.14'
/** The other major that clawtrust reads: the essential tests run on it too, where a JDK can run it. */
export const OTHER_MAJOR = '9.2.8'

const ARTIFACT = 'org.elasticsearch.distribution.integ-test-zip:elasticsearch'
const plugin = fileURLToPath(new URL('./security-analysis/SecurityAnalysis.java', import.meta.url))

/** An unpacked server, shared by all nodes of a test run, and the Java that runs it. */
export interface Installation {
  readonly version: string
  readonly home: string
  readonly java: string
}

/**
 * Elasticsearch's own test distribution, from Maven Central through `mvn`: downloaded once into a cache outside the
 * clone (CLAWTRUST_CACHE, else ~/.cache/clawtrust), unpacked where an unprivileged user can enter.
 */
export async function installElasticsearch(version = DEFAULT_VERSION): Promise<Installation> {
  const java = await findJava(version)
  const home = homeOf(version)
  if (!existsSync(home)) await unpack(await download(version), home, { version, java })
  return { version, home, java }
}

const homeOf = (version: string): string => join(tmpdir(), `clawtrust-elasticsearch-${version}`)

function archiveOf(version: string): string {
  const cache = process.env.CLAWTRUST_CACHE ?? join(homedir(), '.cache/clawtrust')
  return join(cache, 'elasticsearch', `elasticsearch-${version}.zip`)
}

/** What an installation needs of this machine, before it begins. */
export interface InstallationNeeds {
  /** Why the version cannot be run. */
  readonly lackOfJava?: string
  readonly programs: readonly ('mvn' | 'unzip')[]
}

export async function installationNeeds(version = DEFAULT_VERSION): Promise<InstallationNeeds> {
  const programs = existsSync(archiveOf(version)) ? (['unzip'] as const) : (['mvn', 'unzip'] as const)
  return {
    programs: existsSync(homeOf(version)) ? [] : programs,
    ...((await javaFor(version)) === undefined ? { lackOfJava: lackOfJava(version) } : {}),
  }
}

async function findJava(version: string): Promise<string> {
  const java = await javaFor(version)
  if (java === undefined) throw new Error(`${lackOfJava(version)}; install openjdk-17-jdk-headless`)
  return java
}

/** Whole or not at all, as `unpack`. */
async function download(version: string): Promise<string> {
  const archive = archiveOf(version)
  if (existsSync(archive)) return archive
  const cache = dirname(archive)
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'download-'))
  try {
    const artifact = `-Dartifact=${ARTIFACT}:${version}:zip`
    run('mvn', ['-q', 'dependency:copy', artifact, `-DoutputDirectory=${folder}`], { cwd: folder })
    await rename(join(folder, `elasticsearch-${version}.zip`), archive)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return archive
}

/** Whole or not at all: two test runs may come here at once. */
async function unpack(archive: string, home: string, { version, java }: { version: string; java: string }) {
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-unpack-'))
  const fresh = join(folder, `elasticsearch-${version}`)
  try {
    run('unzip', ['-q', archive, '-d', folder], {})
    await buildPlugin(fresh, version, java)
    await rename(fresh, home)
  } catch (error) {
    if (!existsSync(home)) throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Without it the test distribution can store no role and no API key. */
async function buildPlugin(home: string, version: string, java: string): Promise<void> {
  const release = version.startsWith('8.') ? '17' : '21'
  const target = join(home, 'plugins/security-analysis')
  const classes = join(target, 'classes')
  await mkdir(classes, { recursive: true })
  await cp(plugin, join(classes, basename(plugin)))
  const options = ['-proc:none', '-nowarn', '--release', release, '-cp', join(home, 'lib/*'), '-d', classes]
  run(join(java, 'bin/javac'), [...options, plugin], {})
  run(join(java, 'bin/jar'), ['cf', join(target, 'security-analysis.jar'), '-C', classes, 'clawtrust'], {})
  await rm(classes, { recursive: true })
  const descriptor = {
    description: 'What the security index needs of the module that is left out',
    name: 'security-analysis',
    version,
    'elasticsearch.version': version,
    'java.version': release,
    classname: 'clawtrust.test.SecurityAnalysis',
  }
  const lines = Object.entries(descriptor).map(([key, value]) => `${key}=${value}\n`)
  await writeFile(join(target, 'plugin-descriptor.properties'), lines.join(''))
  await chmod(target, 0o755)
}
