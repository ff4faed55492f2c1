// Serves the host page of one Grafana on loopback: node host/serve.mjs 12|13 PORT [URL OF A PROMETHEUS]
// `/?case=NAME` is one panel over recorded frames; `/d/UID` is a dashboard over the Prometheus.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootPage } from './boot-page.mjs';
import { caseOf } from './cases.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const id = 'clawtrust-trustmap-panel';
const types = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
};
const json = path => JSON.parse(readFileSync(path, 'utf8'));
const ICONS = '/public/build/img/icons/';
const icon = path =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"><path d="${path}"/></svg>`;
/** The package of @grafana/ui lacks some icons of Grafana's: one of the time picker is drawn anew, the others stay empty. */
const missingIcon = path => icon(path.endsWith('/angle-double-left.svg') ? 'M11 7l-5 5 5 5M18 7l-5 5 5 5' : '');
const dashboards = `${root}../dashboards/json/`;
const everyDashboard = () => readdirSync(dashboards).map(file => json(dashboards + file));

/** @param prometheus address that dashboards are answered from, `http://127.0.0.1:9090` */
export function serve(major, port, prometheus) {
  const folders = [
    [`/public/plugins/${id}/`, `${root}dist/`],
    ['/public/build/img/', `${root}host/grafana-${major}/node_modules/@grafana/ui/dist/public/img/`],
    ['/public/build/', `${root}host/dist/grafana-${major}/`],
    ['/systemjs/', `${root}node_modules/systemjs/dist/`],
  ];
  const font = path =>
    path.includes('Medium')
      ? 'inter/files/inter-latin-500-normal.woff2'
      : path.includes('inter')
        ? 'inter/files/inter-latin-400-normal.woff2'
        : 'roboto-mono/files/roboto-mono-latin-400-normal.woff2';
  const themeOf = ({ headers }, url) =>
    (url.searchParams.get('theme') ?? /theme=(\w+)/.exec(headers.cookie ?? '')?.[1]) === 'light' ? 'light' : 'dark';
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://host');
    const send = (body, type) =>
      response
        .writeHead(200, {
          'content-type': type,
          'cache-control': 'no-store',
          'content-security-policy': "script-src 'self' 'unsafe-eval' 'unsafe-inline' blob:; object-src 'none'",
        })
        .end(body);
    try {
      const path = normalize(url.pathname);
      if (path === '/' || path.startsWith('/d/')) {
        // The theme stays where a link leads on.
        response.setHeader('set-cookie', `theme=${themeOf(request, url)}; path=/`);
        return send(bootPage(major, themeOf(request, url)), 'text/html');
      }
      if (path === '/dashboards')
        return send(
          JSON.stringify(everyDashboard().map(({ uid, title, tags }) => ({ uid, title, tags }))),
          types['.json']
        );
      if (path.startsWith('/dashboards/')) {
        const [found] = everyDashboard().filter(({ uid }) => path === `/dashboards/${uid}.json`);
        return send(JSON.stringify(found), types['.json']);
      }
      if (path.startsWith('/prom/')) {
        const answer = await fetch(`${prometheus}${path.slice(5)}${url.search}`);
        return send(await answer.text(), types['.json']);
      }
      if (path.startsWith('/case/')) return send(JSON.stringify(caseOf(path.slice(6, -5))), types['.json']);
      if (path.startsWith('/public/fonts/'))
        return send(readFileSync(`${root}node_modules/@fontsource/${font(path)}`), types['.woff2']);
      const [prefix, folder] = folders.find(([start]) => path.startsWith(start)) ?? [];
      const file = folder + path.slice(prefix.length);
      if (path.startsWith(ICONS) && !existsSync(file)) return send(missingIcon(path), types['.svg']);
      return send(readFileSync(file), types[extname(path)] ?? 'application/octet-stream');
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise(resolve => server.listen(port, '127.0.0.1', () => resolve(server)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [major, port, prometheus] = process.argv.slice(2);
  const server = await serve(major, Number(port ?? 0), prometheus);
  console.log(`http://127.0.0.1:${server.address().port}/`);
}
