import { gzipSync } from 'node:zlib';
import { built } from './built';

const MAX_GZIPPED = 60_000;
const code = built.text('module.js');

describe('module.js', () => {
  it('is at most 60 kB gzipped', () => {
    const size = gzipSync(code).length;
    process.stderr.write(`module.js: ${size} bytes gzipped\n`);
    expect(size).toBeLessThanOrEqual(MAX_GZIPPED);
  });

  it('takes every shared library from Grafana and nothing that Grafana does not share', () => {
    const imports: string[] = JSON.parse(/define\((\[[^\]]*\])/.exec(code)?.[1] ?? '[]');
    expect(imports).toEqual(['@emotion/css', '@grafana/data', '@grafana/ui', 'module', 'react']);
  });

  it('holds no copy of a library: its map names our sources and the scaffold alone', () => {
    const { sources } = JSON.parse(built.text('module.js.map')) as { sources: string[] };
    const packages = sources.filter(source => source.includes('node_modules')).map(source => source.split('/').at(-1));
    expect(packages).toEqual(['grafana-public-path.js']);
    expect(sources.some(source => source.includes('TrustMapPanel'))).toBe(true);
  });

  it('has a map that belongs to it', () => {
    expect(code).toContain('//# sourceMappingURL=module.js.map');
    const { sourcesContent } = JSON.parse(built.text('module.js.map')) as { sourcesContent: string[] };
    expect(sourcesContent.every(content => typeof content === 'string')).toBe(true);
  });

  // React 19 removed these; React 18.3 lacks the second group.
  it.each([
    'propTypes',
    'defaultProps',
    'findDOMNode',
    'unmountComponentAtNode',
    'createFactory',
    'contextTypes',
    'useActionState',
    'useOptimistic',
    'jsx-runtime',
  ])('does not use %s, which one of the two Reacts has not', name => {
    expect(code).not.toContain(name);
  });
});
