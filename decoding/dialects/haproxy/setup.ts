import { type Footprint, readFiles, type SetupStep } from '../setup.ts'

export const haproxyFootprint: Footprint = {
  program: 'haproxy',
  configurations: ['/etc/haproxy/haproxy.cfg', '/etc/haproxy/conf.d/*.cfg'],
  logs: ['/var/log/haproxy.log', '/var/log/haproxy/*.log'],
  marker: 'haproxy_log',
}

/** The directives of deploy/haproxy/haproxy.cfg. */
export const haproxySetup: readonly SetupStep[] = [
  {
    where: 'the section global of HAProxy, in the place of its other lines `log /dev/log`',
    lines: ['log /dev/log len 8192 local0'],
  },
  {
    where: 'the frontend of OpenClaw in HAProxy',
    lines: [
      'log global',
      `log-format '{"method":"%[capture.req.method,json(utf8s)]","path":"%[capture.req.uri,json(utf8s)]","ssl_c_s_dn":"%[ssl_c_s_dn,json(utf8s)]","ssl_c_i_dn":"%[ssl_c_i_dn,json(utf8s)]","ssl_c_serial":"%[ssl_c_serial,hex]","ssl_c_notafter":"%[ssl_c_notafter]","haproxy_log":"request","ts":%Ts.%ms,"client_ip":"%ci","client_port":%cp,"frontend_name":"%f","frontend_ip":"%fi","frontend_port":%fp,"backend_name":"%b","server_name":"%s","status_code":%ST,"termination_state":"%tsc","ssl_fc_protocol":"%[ssl_fc_protocol]","ssl_fc_cipher":"%[ssl_fc_cipher]","ssl_c_used":%[ssl_c_used],"ssl_c_verify":"%[ssl_c_verify]","ssl_c_err":%[ssl_c_err]}'`,
      `error-log-format '{"ssl_c_s_dn":"%[ssl_c_s_dn,json(utf8s)]","ssl_c_i_dn":"%[ssl_c_i_dn,json(utf8s)]","ssl_c_serial":"%[ssl_c_serial,hex]","haproxy_log":"error","ts":%Ts.%ms,"client_ip":"%ci","client_port":%cp,"frontend_name":"%f","frontend_ip":"%fi","frontend_port":%fp,"status_code":%ST,"termination_state":"%tsc","ssl_fc_protocol":"%[ssl_fc_protocol]","fc_err":%[fc_err],"fc_err_str":"%[fc_err_str]","ssl_fc_err":%[ssl_fc_err],"ssl_fc_err_str":"%[ssl_fc_err_str]","ssl_c_used":%[ssl_c_used],"ssl_c_verify":"%[ssl_c_verify]","ssl_c_err":%[ssl_c_err],"ssl_c_ca_err":%[ssl_c_ca_err]}'`,
    ],
  },
  readFiles('haproxy', ['/var/log/haproxy.log']),
]
