import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const plugin = join(__dirname, '..');

/** The plugin as it is shipped: `npm run build` makes it. */
export const built = {
  has: (path: string): boolean => existsSync(join(plugin, 'dist', path)),
  read: (path: string): Buffer => readFileSync(join(plugin, 'dist', path)),
  text: (path: string): string => readFileSync(join(plugin, 'dist', path), 'utf8'),
  files: (): string[] =>
    readdirSync(join(plugin, 'dist'), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(join(plugin, 'dist/').length)),
};

export const sourceText = (path: string): string => readFileSync(join(plugin, path), 'utf8');

export interface PluginJson {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly info: {
    readonly description: string;
    readonly keywords: readonly string[];
    readonly version: string;
    readonly updated: string;
    readonly logos: { readonly small: string; readonly large: string };
    readonly screenshots: ReadonlyArray<{ readonly name: string; readonly path: string }>;
    readonly links: ReadonlyArray<{ readonly url: string }>;
  };
  readonly dependencies: { readonly grafanaDependency: string };
}

export const pluginJson = (): PluginJson => JSON.parse(built.text('plugin.json'));
