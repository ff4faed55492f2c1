import { globSync, readFileSync } from 'node:fs';
import { PanelOptionsEditorBuilder, standardEditorsRegistry, standardFieldConfigEditorRegistry } from '@grafana/data';
import { defaultOptions, optionLimits, type TrustMapOptions } from './core/options';
import { addOptions } from './option-editors';
import { plugin } from './module';
import { defaultThresholds } from './core/thresholds';

const editor = () => null;
const standard = [
  'color',
  'thresholds',
  'unit',
  'links',
  'mappings',
  'noValue',
  'displayName',
  'min',
  'max',
  'decimals',
];

beforeAll(() => {
  const editors = ['boolean', 'number', 'radio', 'select', 'slider', 'text'];
  standardEditorsRegistry.setInit(() => editors.map(id => ({ id, name: id, editor })));
  standardFieldConfigEditorRegistry.setInit(() =>
    standard.map(id => ({
      id,
      path: id,
      name: id,
      editor,
      override: editor,
      process: value => value,
      shouldApply: () => true,
    }))
  );
});

describe('the panel as Grafana knows it', () => {
  it('has an editor for every option, with the default that the panel draws with', () => {
    expect(plugin.defaults).toEqual(defaultOptions);
  });

  it('offers in each editor the values and bounds that the migration keeps', () => {
    const builder = new PanelOptionsEditorBuilder<TrustMapOptions>();
    addOptions(builder);
    const offered = builder.getItems().flatMap(({ path, settings = {} }): [string, unknown][] => {
      const { options, min, max } = settings as { options?: { value: string }[]; min?: number; max?: number };
      if (options !== undefined) return [[path, options.map(({ value }) => value)]];
      return min === undefined ? [] : [[path, { min, max }]];
    });
    expect(Object.fromEntries(offered)).toEqual(optionLimits);
  });

  it.each(Object.keys(defaultOptions))('draws by the option %s', option => {
    const folders = 'src/{components,display,model,paint}/**/*.{ts,tsx}';
    const drawing = ['src/TrustMapPanel.tsx', ...globSync(folders)].filter(path => !path.includes('.test.'));
    expect(drawing.some(path => new RegExp(`\\b${option}\\b`).test(readFileSync(path, 'utf8')))).toBe(true);
  });

  it('leaves every standard option on, with thresholds of its own', () => {
    expect(plugin.fieldConfigRegistry.list().map(({ id }) => id)).toEqual(expect.arrayContaining(standard));
    expect(plugin.fieldConfigDefaults.defaults.thresholds).toEqual(defaultThresholds);
    expect(plugin.fieldConfigDefaults.defaults.color).toEqual({ mode: 'thresholds' });
  });

  it('asks for annotations and alert states', () => {
    expect(plugin.dataSupport).toEqual({ annotations: true, alertStates: true });
  });

  it('migrates what another version or panel left', () => {
    expect(plugin.onPanelMigration?.({ options: { mode: 'heatmap' } } as never)).toEqual(defaultOptions);
  });
});
