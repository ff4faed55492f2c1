import { type Footprint, readFiles, type SetupStep } from '../setup.ts'

export const nginxFootprint: Footprint = {
  program: 'nginx',
  configurations: ['/etc/nginx/nginx.conf', '/etc/nginx/conf.d/*.conf', '/etc/nginx/sites-enabled/*'],
  logs: ['/var/log/nginx/*.log'],
}

/** The directive of deploy/nginx/log-format.conf. */
const logFormat: readonly string[] = [
  `log_format clawtrust escape=json '{"time":"$time_iso8601","remote_addr":"$remote_addr","status":"$status","upstream_status":"$upstream_status","request":"$request",'`,
  `  '"ssl_protocol":"$ssl_protocol","ssl_client_verify":"$ssl_client_verify","ssl_client_s_dn":"$ssl_client_s_dn","ssl_client_i_dn":"$ssl_client_i_dn",'`,
  `  '"ssl_client_serial":"$ssl_client_serial","ssl_client_fingerprint":"$ssl_client_fingerprint","ssl_client_v_end":"$ssl_client_v_end","server_name":"$server_name","server_addr":"$server_addr","server_port":"$server_port","remote_user":"$remote_user","traceparent":"$http_traceparent"}';`,
]

const SERVER = 'the server block of OpenClaw in nginx'
const read = readFiles('nginx', ['/var/log/nginx/openclaw-*.log'])

export const accessLogSetup: readonly SetupStep[] = [
  { where: '/etc/nginx/conf.d/clawtrust.conf', lines: logFormat },
  {
    where: `${SERVER}, which requests client certificates (ssl_verify_client); otherwise read its log in the format combined`,
    lines: ['access_log /var/log/nginx/openclaw-access.log clawtrust;'],
  },
  read,
]

export const errorLogSetup: readonly SetupStep[] = [
  { where: SERVER, lines: ['error_log /var/log/nginx/openclaw-error.log info;'] },
  read,
]
