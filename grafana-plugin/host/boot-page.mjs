// The page that boots the host: what Grafana's server writes into its own page for the libraries to read.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const id = 'clawtrust-trustmap-panel';
const json = path => JSON.parse(readFileSync(path, 'utf8'));

export function bootPage(major, theme) {
  const { version } = json(`${root}host/grafana-${major}/node_modules/@grafana/data/package.json`);
  const panel = {
    ...json(`${root}dist/plugin.json`),
    module: `/public/plugins/${id}/module.js`,
    baseUrl: `public/plugins/${id}`,
    sort: 1,
    hideFromList: false,
    skipDataQuery: false,
    state: '',
    signature: 'unsigned',
  };
  const boot = {
    _femt: false,
    user: {
      id: 1,
      uid: 'u',
      isSignedIn: true,
      login: 'on-call',
      orgId: 1,
      orgRole: 'Viewer',
      theme,
      timezone: 'utc',
      weekStart: '',
      locale: 'en-US',
      language: 'en-US',
      lightTheme: theme === 'light',
      permissions: {},
    },
    settings: {
      appUrl: '/',
      appSubUrl: '',
      buildInfo: { version, env: 'production', edition: 'Open Source', commit: '', buildstamp: 0 },
      featureToggles: {},
      datasources: {},
      defaultDatasource: '',
      apps: {},
      unifiedAlerting: {},
      panels: { [id]: panel },
    },
    navTree: [],
  };
  const systemjs = ['system', 'extras/amd', 'extras/named-register']
    .map(name => `<script src="/systemjs/${name}.js"></script>`)
    .join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Panel host</title><base href="/"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/public/build/host.css"><script>window.__grafana_public_path__='/public/';window.public_cdn_path='';window.grafanaBootData=${JSON.stringify(boot)}</script>
${systemjs}</head><body><div id="reactRoot" style="min-height:100vh;display:flex;flex-direction:column"></div><script type="module" src="/public/build/host.js"></script></body></html>`;
}
