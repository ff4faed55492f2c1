import { type Footprint, readFiles, type SetupStep } from '../setup.ts'

export const envoyFootprint: Footprint = {
  program: 'envoy',
  configurations: ['/etc/envoy/*.yaml', '/etc/envoy/*.yml'],
  logs: ['/var/log/envoy/*.log'],
  marker: 'downstream_direct_remote_address',
}

/** The access logs of deploy/envoy/envoy.yaml. */
export const envoySetup: readonly SetupStep[] = [
  {
    where: 'the listener of OpenClaw in Envoy, for handshakes',
    lines: [
      'access_log:',
      '  - name: envoy.access_loggers.file',
      '    typed_config:',
      '      "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog',
      '      path: /var/log/envoy/openclaw-connections.log',
      '      log_format:',
      '        json_format:',
      '          start_time: "%START_TIME%"',
      '          downstream_remote_address: "%DOWNSTREAM_REMOTE_ADDRESS%"',
      '          downstream_direct_remote_address: "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%"',
      '          downstream_tls_version: "%DOWNSTREAM_TLS_VERSION%"',
      '          downstream_transport_failure_reason: "%DOWNSTREAM_TRANSPORT_FAILURE_REASON%"',
      '          response_flags: "%RESPONSE_FLAGS%"',
    ],
  },
  {
    where: 'the http_connection_manager of OpenClaw in Envoy, for requests',
    lines: [
      'access_log:',
      '  - name: envoy.access_loggers.file',
      '    typed_config:',
      '      "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog',
      '      path: /var/log/envoy/openclaw-requests.log',
      '      log_format:',
      '        json_format:',
      '          start_time: "%START_TIME%"',
      '          method: "%REQ(:METHOD)%"',
      '          path: "%REQ(:PATH)%"',
      '          protocol: "%PROTOCOL%"',
      '          response_code: "%RESPONSE_CODE%"',
      '          response_code_details: "%RESPONSE_CODE_DETAILS%"',
      '          response_flags: "%RESPONSE_FLAGS%"',
      '          downstream_remote_address: "%DOWNSTREAM_REMOTE_ADDRESS%"',
      '          downstream_direct_remote_address: "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%"',
      '          downstream_direct_remote_address_without_port: "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%"',
      '          downstream_local_address: "%DOWNSTREAM_LOCAL_ADDRESS%"',
      '          authority: "%REQ(:AUTHORITY)%"',
      '          downstream_tls_version: "%DOWNSTREAM_TLS_VERSION%"',
      '          downstream_peer_subject: "%DOWNSTREAM_PEER_SUBJECT%"',
      '          downstream_peer_cert_v_end: "%DOWNSTREAM_PEER_CERT_V_END%"',
      '          traceparent: "%REQ(TRACEPARENT)%"',
    ],
  },
  readFiles('envoy', ['/var/log/envoy/openclaw-*.log']),
]
