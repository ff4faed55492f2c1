import type { Server } from 'node:http';

/** Serves the host page of one Grafana on loopback; port 0 takes a free one. */
export function serve(major: string, port: number): Promise<Server>;
