import { readFileSync } from 'node:fs'
import type { SetupStep } from '../../../decoding/dialects/setup.ts'
import type { Machine } from '../docs/machine.ts'

/** In each configuration below as a password, a token or a key: the doctor must never print it. */
export const SECRET = 'hunter2hunter2hunter2hunter2hunter2hunter2h='

const fixture = (path: string) => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8')

/** Folders of the machine's own where programs have their configurations, their logs and their sockets. */
const OWN_FOLDERS = `
own=$(dirname "$PWD")/own
mkdir -p "$own/etc/ssl" "$own/log" "$own/dev/shm"
for known in passwd group hosts nsswitch.conf alternatives ld.so.cache ssl/openssl.cnf; do
  if [ -e "/etc/$known" ]; then cp -a "/etc/$known" "$own/etc/$known"; fi
done
echo 'clawtrust:x:9999:' >> "$own/etc/group"
for known in null zero full random urandom; do touch "$own/dev/$known"; mount --bind "/dev/$known" "$own/dev/$known"; done
ln -s /proc/self/fd "$own/dev/fd"; ln -s /proc/self/fd/0 "$own/dev/stdin"
mount --bind "$own/etc" /etc
mount --bind "$own/log" /var/log
mount --bind "$own/dev" /dev
mount -t tmpfs tmpfs /run
mkdir -p /run/haproxy
`

/** A host without OpenClaw, proxies or guards, but for the units that packages have installed. */
export async function makeBare(machine: Machine): Promise<void> {
  await run(machine, OWN_FOLDERS)
}

/** Programs with a configuration of their own and a secret in it, which log nothing for clawtrust yet; OpenClaw has its log. */
export async function installPrograms(machine: Machine): Promise<void> {
  const files: Readonly<Record<string, string>> = {
    '/tmp/openclaw/openclaw-2026-11-22.log': fixture('openclaw/openclaw-2026.9.6-file-log.real.jsonl'),
    '~/.openclaw/openclaw.json': `{ gateway: { auth: { token: "${SECRET}" } } } // ${SECRET}`,
    '/etc/nginx/nginx.conf': `# ${SECRET}\nevents {}\nhttp {\n  include /etc/nginx/conf.d/*.conf;\n  include /etc/nginx/sites-enabled/*;\n}\n`,
    '/etc/nginx/sites-enabled/openclaw': `server {
  listen 127.0.0.1:8443 ssl;
  ssl_certificate /etc/nginx/tls/server.crt;
  ssl_certificate_key /etc/nginx/tls/server.key;
  ssl_client_certificate /etc/nginx/tls/server.crt;
  ssl_verify_client optional;
  proxy_set_header Authorization "Bearer ${SECRET}";
  # HERE
  location / { return 401; }
}
`,
    '/etc/haproxy/haproxy.cfg': `global
  log /dev/log local0
userlist users
  user admin insecure-password ${SECRET}
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend openclaw
  bind 127.0.0.1:8444 ssl crt /etc/nginx/tls/server.pem ca-file /etc/nginx/tls/server.crt verify required
  http-request return status 401
`,
    '/etc/caddy/Caddyfile': `{
  admin off
  auto_https disable_redirects
  # HERE
}
https://localhost:8445 {
  bind 127.0.0.1
  tls /etc/nginx/tls/server.crt /etc/nginx/tls/server.key
  header X-Secret ${SECRET}
  # HERE
  respond 401
}
`,
    '/etc/nftables.conf': `# ${SECRET}
table inet filter {
  chain input {
    type filter hook input priority 0;
    tcp dport 9 # HERE
  }
}
`,
    '/etc/wireguard/wg0.conf': `[Interface]\nPrivateKey = ${SECRET}\n`,
    '/etc/keycloak/keycloak.conf': `db-password=${SECRET}\n`,
    '/var/log/keycloak/keycloak.log': fixture('keycloak/keycloak-26.4-console-json.real.jsonl'),
    '~/.defenseclaw/config.yaml': `api_key: ${SECRET}\ndestinations:\n  - kind: jsonl\n`,
    '/var/log/defenseclaw/records.jsonl': fixture('defenseclaw/v8.synthetic.jsonl'),
    // The kernel's own log is that of all of the system.
    '/var/log/kern.log': fixture('nftables/dmesg.real.log'),
    '/etc/rsyslog.conf': 'module(load="imuxsock")\n:programname, isequal, "haproxy" /var/log/haproxy.log\n',
    'wg-dump': fixture('wireguard/fresh.real.txt').replaceAll('(hidden)', SECRET),
    'audit.json': fixture('openclaw/posture/security-audit-bad.real.json'),
  }
  for (const [path, text] of Object.entries(files)) await put(machine, path, text)
  await put(machine, '../bin/wg', `#!/bin/sh\ncat "${machine.folder}/wg-dump"\n`)
  await put(machine, '../bin/openclaw', `#!/bin/sh\n[ "$2" = audit ] && cat "${machine.folder}/audit.json"\n`)
  await run(
    machine,
    `chmod 755 ../bin/wg ../bin/openclaw
mkdir -p /etc/nginx/tls /var/log/nginx /var/log/caddy
cd /etc/nginx/tls
openssl req -x509 -newkey rsa:2048 -nodes -keyout server.key -out server.crt -subj /CN=localhost -days 30
cat server.crt server.key > server.pem`,
  )
}

/** Pastes the lines that the doctor has of each program to the places that it names. */
export async function paste(machine: Machine, setup: ReadonlyMap<string, readonly SetupStep[]>): Promise<void> {
  const foreign = (dialect: string) => (setup.get(dialect) ?? []).filter(({ where }) => where !== 'clawtrust.yml')
  const [format, access] = foreign('nginx-access')
  const [failed] = foreign('nginx-error')
  const [global, frontend] = foreign('haproxy')
  const [options, site] = foreign('caddy')
  const [rule] = foreign('nftables')
  const [crontab] = foreign('wireguard')
  await put(machine, '/etc/nginx/conf.d/clawtrust.conf', textOf(format))
  await replace(machine, '/etc/nginx/sites-enabled/openclaw', '# HERE', `${textOf(access)}\n${textOf(failed)}`)
  await replace(machine, '/etc/haproxy/haproxy.cfg', 'log /dev/log local0', textOf(global))
  await replace(machine, '/etc/haproxy/haproxy.cfg', '  bind', `${textOf(frontend)}\n  bind`)
  await replace(machine, '/etc/caddy/Caddyfile', '# HERE', textOf(options))
  await replace(machine, '/etc/caddy/Caddyfile', '# HERE', textOf(site))
  await replace(machine, '/etc/nftables.conf', '# HERE', textOf(rule))
  await run(machine, 'nft --check --file /etc/nftables.conf')
  await run(machine, textOf(crontab).replace('* * * * * ', ''))
}

/** Starts the programs, each of which refuses one request and one handshake. */
export async function useProxies(machine: Machine): Promise<void> {
  machine.open('exec rsyslogd -n -iNONE')
  machine.open("exec nginx -g 'daemon off;'")
  machine.open('exec caddy run --config /etc/caddy/Caddyfile')
  await run(machine, 'for i in $(seq 100); do [ -S /dev/log ] && break; sleep 0.1; done')
  machine.open('exec haproxy -db -f /etc/haproxy/haproxy.cfg')
  const listens = (port: number) =>
    `curl --silent --insecure --retry 100 --retry-delay 0 --retry-max-time 30 --retry-connrefused --output /dev/null https://localhost:${port}/hooks/x || [ $? = 56 ]`
  await run(machine, [8443, 8444, 8445].map(listens).join('\n'))
  await run(
    machine,
    'for port in 8443 8445; do openssl s_client -connect localhost:$port -tls1 < /dev/null > /dev/null 2>&1 || :; done',
  )
}

/** Every file of the host that the doctor may look at, with its time and size. */
export const snapshot = (machine: Machine): Promise<string> =>
  run(machine, `find /etc /var/log /tmp/openclaw /run "$HOME" "$PWD" -xdev -type f -printf '%p %T@ %s\\n' | sort`)

export async function put(machine: Machine, path: string, text: string): Promise<void> {
  machine.write('pasted', text)
  const target = path.replace(/^~/, '$HOME')
  await run(machine, `mkdir -p "$(dirname "${target}")"\ncat pasted > "${target}"\nrm pasted`)
}

export async function run(machine: Machine, commands: string): Promise<string> {
  const { code, output } = await machine.run(commands)
  if (code !== 0) throw new Error(`${commands}\nended with ${code}:\n${output}`)
  return output
}

/** Replaces the first occurrence. */
async function replace(machine: Machine, path: string, from: string, to: string): Promise<void> {
  const text = await run(machine, `cat ${path}`)
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`)
  await put(
    machine,
    path,
    text.replace(from, () => to),
  )
}

const textOf = (step: SetupStep | undefined): string => (step?.lines ?? []).join('\n')
