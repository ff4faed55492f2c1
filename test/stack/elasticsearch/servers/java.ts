import { existsSync } from 'node:fs'
import { readdir, readFile, realpath } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'

/** Where distributions put their JDKs. */
const FOLDER = '/usr/lib/jvm'
/** Elasticsearch 8 knows no newer Java. */
const NEWEST_OF_8 = 24

interface Jdk {
  readonly home: string
  readonly major: number
}

/** The oldest JDK of this machine that may run this version of Elasticsearch; undefined where there is none. */
export async function javaFor(version: string): Promise<string | undefined> {
  const [least, most] = version.startsWith('8.') ? [17, NEWEST_OF_8] : [21, Number.POSITIVE_INFINITY]
  const found = (await jdks()).filter(({ major }) => major >= least && major <= most)
  return found.sort((a, b) => a.major - b.major)[0]?.home
}

/** Why a version cannot be run here. */
export function lackOfJava(version: string): string {
  const least = version.startsWith('8.') ? '17 to 24' : '21 or newer'
  return `Elasticsearch ${version} needs a JDK ${least}, and none is in JAVA_HOME, ${FOLDER} or PATH`
}

/** Every JDK that JAVA_HOME, the folder of distributions or the PATH lead to. */
async function jdks(): Promise<readonly Jdk[]> {
  const inFolder = (await readdir(FOLDER).catch(() => [])).map(name => join(FOLDER, name))
  const onPath = (process.env.PATH ?? '').split(delimiter).map(folder => join(folder, 'javac'))
  const compilers = await Promise.all(onPath.map(path => realpath(path).catch(() => undefined)))
  const homes = [process.env.JAVA_HOME, ...inFolder, ...compilers.map(path => path && dirname(dirname(path)))]
  const known = await Promise.all([...new Set(homes)].map(home => (home ? jdkAt(home) : undefined)))
  return known.filter(jdk => jdk !== undefined)
}

/** Undefined where there is no compiler: the server needs none, its plugin for these tests does. */
async function jdkAt(home: string): Promise<Jdk | undefined> {
  if (!existsSync(join(home, 'bin/javac'))) return undefined
  const release = await readFile(join(home, 'release'), 'utf8').catch(() => '')
  const major = Number(/^JAVA_VERSION="(?:1\.)?(\d+)/m.exec(release)?.[1])
  return Number.isNaN(major) ? undefined : { home, major }
}
