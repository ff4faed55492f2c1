// Bundles the host page with one Grafana's libraries: node host/bundle.mjs 12|13
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const host = fileURLToPath(new URL('.', import.meta.url));

export async function bundle(major) {
  const set = `${host}grafana-${major}`;
  const require = createRequire(`${set}/package.json`);
  const plugin = {
    name: 'grafana-set',
    setup(builder) {
      // The page lies under the plugin, whose own libraries would be found first; two copies
      // of emotion or moment would not see each other's state.
      builder.onResolve({ filter: /^[^./]/ }, args =>
        (args.importer.startsWith(`${host}page`) || /^(@emotion\/css|moment)$/.test(args.path)) &&
        args.pluginData !== set
          ? builder.resolve(args.path, { importer: args.importer, kind: args.kind, resolveDir: set, pluginData: set })
          : undefined
      );
      builder.onResolve({ filter: /^react-router-dom$/ }, args =>
        args.importer.includes('/@grafana/scenes/')
          ? { path: require.resolve('react-router-dom-v5-compat') }
          : undefined
      );
      // In an .mjs file esbuild takes the whole CommonJS module for its default, as Node.js does; Grafana's bundler does not.
      builder.onResolve({ filter: /^(react-custom-scrollbars-2|react-highlight-words|calculate-size)$/ }, args =>
        args.importer.endsWith('.mjs')
          ? { path: args.path, namespace: 'default', pluginData: args.resolveDir }
          : undefined
      );
      builder.onLoad({ filter: /./, namespace: 'default' }, ({ path, pluginData }) => ({
        contents: `export * from '${path}';\nexport { default } from '${path}';`,
        resolveDir: pluginData,
      }));
      builder.onLoad({ filter: /composable\/table\/panelcfg\/x\/types\.gen\.mjs$/ }, args => {
        const text = readFileSync(args.path, 'utf8');
        return { contents: text.includes('defaultOptions') ? text : `${text}\nexport const defaultOptions = {};\n` };
      });
    },
  };
  const result = await build({
    entryPoints: { host: `${host}page.tsx` },
    outdir: `${host}dist/grafana-${major}`,
    bundle: true,
    format: 'esm',
    splitting: true,
    minify: true,
    target: 'chrome120',
    jsx: 'automatic',
    metafile: true,
    logLevel: 'error',
    loader: { '.ttf': 'dataurl', '.svg': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl' },
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis', define: 'undefined' },
    plugins: [plugin],
    tsconfigRaw: {},
  });
  refuseDuplicates(Object.keys(result.metafile.inputs));
}

/** A library that Grafana shares must be in the bundle once. */
function refuseDuplicates(inputs) {
  for (const name of ['react', 'react-dom', '@grafana/data', '@grafana/ui', '@grafana/runtime', '@emotion/css']) {
    const copies = new Set(
      inputs
        .filter(path => path.includes(`node_modules/${name}/`))
        .map(path => path.slice(0, path.lastIndexOf(`node_modules/${name}/`)))
    );
    if (copies.size > 1)
      throw new Error(`The host's bundle has ${copies.size} copies of ${name}: ${[...copies].join(', ')}.`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(process.argv[2]);
