import { built, pluginJson, sourceText } from './built';

/** The rules of Grafana's plugin validator, which cannot be had as a package. */
const plugin = pluginJson();
const { info } = plugin;
const pictures = [info.logos.small, info.logos.large, ...info.screenshots.map(({ path }) => path)];

describe('plugin.json', () => {
  it('has an id of organisation, name and type, and a name for people', () => {
    expect(plugin.id).toMatch(/^[0-9a-z]+-[0-9a-z]+-panel$/);
    expect(plugin.id.endsWith(`-${plugin.type}`)).toBe(true);
    expect(plugin.name).not.toBe(plugin.id);
  });

  it('describes itself', () => {
    expect(info.description.length).toBeGreaterThan(20);
    expect(info.keywords.length).toBeGreaterThan(0);
  });

  it('has the version of package.json and the day of its build', () => {
    expect(info.version).toBe(JSON.parse(sourceText('package.json')).version);
    expect(info.updated).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('names a range of Grafanas, not one release', () => {
    expect(plugin.dependencies.grafanaDependency).toMatch(/^>=\d+\.\d+\.\d+$/);
  });

  it.each(pictures)('names %s, which is there, by a relative path', path => {
    expect(path).toMatch(/^[^./]/);
    expect(built.has(path)).toBe(true);
  });

  it('has logos that are SVG and pictures that are PNG by content', () => {
    for (const logo of [info.logos.small, info.logos.large]) expect(built.text(logo)).toMatch(/^<svg[\s>]/);
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    expect(info.screenshots.length).toBeGreaterThan(0);
    for (const { path } of info.screenshots) expect(built.read(path).subarray(0, 8)).toEqual(png);
  });

  it('links over TLS only', () => {
    expect(info.links.filter(({ url }) => !url.startsWith('https://'))).toEqual([]);
  });
});

describe('the folder that is shipped', () => {
  it('holds what a plugin must and nothing else', () => {
    const rest = built.files().filter(path => !pictures.includes(path));
    expect(rest.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'module.js', 'module.js.map', 'plugin.json']);
  });

  it('has a readme of its own whose pictures are there', () => {
    const readme = built.text('README.md');
    expect(readme).toMatch(/^# Trust map/);
    const shown = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path]) => path ?? '');
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter(path => !built.has(path))).toEqual([]);
  });

  it('has a licence without placeholders and a changelog that names the version', () => {
    expect(built.text('LICENSE')).toMatch(/Apache License\s+Version 2\.0/);
    expect(built.text('LICENSE')).not.toMatch(/\{name|\[yyyy\] \[name|Copyright \{/);
    expect(built.text('CHANGELOG.md')).toContain(`## ${info.version}`);
  });

  it('has SVG without scripts, handlers and references', () => {
    const drawings = built.files().filter(path => path.endsWith('.svg'));
    for (const path of drawings) {
      expect(built.text(path)).not.toMatch(/<script|<foreignObject|<use|<image|\son\w+=|href=|javascript:|<!ENTITY/i);
    }
  });
});

it('is built with the scaffold of create-plugin, whose header is kept', () => {
  expect(sourceText('.config/webpack/webpack.config.ts')).toContain('@grafana/create-plugin');
});
