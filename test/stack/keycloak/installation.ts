import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { javaFor } from '../elasticsearch/servers/java.ts'
import { run } from '../servers/run.ts'

const VERSION = '26.4.0'
const ARTIFACT = `org.keycloak:keycloak-quarkus-dist:${VERSION}:zip`

/** Of its Java, Keycloak 26 asks for the same as Elasticsearch 8: JDK 17 or newer. */
const JAVA_OF = '8.0'

/** Settings of the build: a database in memory, and nothing that the tests do not use. */
const buildOptions = ['--db=dev-mem', '--features-disabled=ciba,device-flow,kerberos,par']

/** An unpacked and built Keycloak, and the Java that runs it. */
export interface KeycloakInstallation {
  readonly home: string
  readonly java: string
}

/** Why Keycloak cannot run on this machine. */
export async function lackOfKeycloak(): Promise<string | undefined> {
  const java = await javaFor(JAVA_OF)
  return java === undefined ? `Keycloak ${VERSION} needs a JDK 17 to 24, such as openjdk-17-jdk-headless` : undefined
}

/**
 * Keycloak from Maven Central through `mvn`: downloaded (160 MB), unpacked and built once into a cache outside the clone
 * (CLAWTRUST_CACHE, else ~/.cache/clawtrust). Whole or not at all.
 */
export async function installKeycloak(): Promise<KeycloakInstallation> {
  const jdk = await javaFor(JAVA_OF)
  if (jdk === undefined) throw new Error(await lackOfKeycloak())
  const java = join(jdk, 'bin/java')
  const cache = join(process.env.CLAWTRUST_CACHE ?? join(homedir(), '.cache/clawtrust'), 'keycloak')
  const home = join(cache, `keycloak-${VERSION}`)
  if (existsSync(home)) return { home, java }
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'download-'))
  try {
    run('mvn', ['-q', 'dependency:copy', `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${folder}`], { cwd: folder })
    run('unzip', ['-q', join(folder, `keycloak-quarkus-dist-${VERSION}.zip`), '-d', folder], {})
    const fresh = join(folder, `keycloak-${VERSION}`)
    // A machine with much to do takes longer than the five seconds by default.
    await writeFile(join(fresh, 'conf/quarkus.properties'), 'quarkus.datasource.jdbc.acquisition-timeout=120\n')
    run(join(fresh, 'bin/kc.sh'), ['build', ...buildOptions], { env: { ...process.env, JAVA: java } })
    await rename(fresh, home)
  } catch (error) {
    // Another test run may have installed it meanwhile.
    if (!existsSync(home)) throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return { home, java }
}
