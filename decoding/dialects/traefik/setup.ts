import { type Footprint, readFiles, type SetupStep } from '../setup.ts'

export const traefikFootprint: Footprint = {
  program: 'traefik',
  configurations: ['/etc/traefik/traefik.yml', '/etc/traefik/traefik.yaml', '/etc/traefik/traefik.toml'],
  logs: ['/var/log/traefik/*.log'],
  marker: 'accessLog',
}

/** The access log of deploy/traefik/traefik.yml. */
export const traefikSetup: readonly SetupStep[] = [
  {
    where: '/etc/traefik/traefik.yml',
    lines: ['accessLog:', '  filePath: /var/log/traefik/openclaw-access.log', '  format: json'],
  },
  readFiles('traefik', ['/var/log/traefik/openclaw-access.log']),
]
