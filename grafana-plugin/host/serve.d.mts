import type { Server } from 'node:http';

/**
 * Serves the host page of one Grafana on loopback; port 0 takes a free one.
 *
 * @param prometheus address that dashboards are answered from, `http://127.0.0.1:9090`
 */
export function serve(major: string, port: number, prometheus?: string): Promise<Server>;
