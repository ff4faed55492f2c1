import { type Footprint, readFiles, readIndex, type SetupStep } from '../setup.ts'

const LOG = '/var/log/keycloak/keycloak.log'

export const keycloakFootprint: Footprint = {
  program: 'keycloak',
  configurations: ['/etc/keycloak/keycloak.conf', '/opt/keycloak/conf/keycloak.conf'],
  logs: [LOG, '/opt/keycloak/data/log/keycloak.log'],
}

export const keycloakSetup: readonly SetupStep[] = [
  {
    where: 'shell',
    lines: [
      `kc.sh start --log=file --log-file=${LOG} --log-file-output=json \\`,
      '  --spi-events-listener--jboss-logging--success-level=info',
    ],
  },
  readFiles('keycloak', [LOG]),
]

/** Elastic's integration stores them. */
export const keycloakIndexSetup: readonly SetupStep[] = [readIndex('keycloak', 'logs-keycloak.log-*')]
