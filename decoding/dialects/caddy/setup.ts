import { type Footprint, readFiles, type SetupStep } from '../setup.ts'

export const caddyFootprint: Footprint = {
  program: 'caddy',
  configurations: ['/etc/caddy/Caddyfile', '/etc/caddy/*.caddy'],
  logs: ['/var/log/caddy/*.log'],
  marker: 'http.log.access',
}

/** The log of deploy/caddy/Caddyfile. */
export const caddySetup: readonly SetupStep[] = [
  {
    where: 'the global options of /etc/caddy/Caddyfile',
    lines: [
      'log openclaw {',
      '  output file /var/log/caddy/openclaw.log',
      '  format filter {',
      '    wrap json',
      '    fields {',
      '      request>headers delete',
      '      resp_headers delete',
      '    }',
      '  }',
      '  level DEBUG',
      '  include http.log.access http.stdlib',
      '}',
    ],
  },
  { where: 'the site of OpenClaw in /etc/caddy/Caddyfile', lines: ['log'] },
  readFiles('caddy', ['/var/log/caddy/openclaw.log']),
]
