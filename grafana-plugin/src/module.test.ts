import { standardEditorsRegistry, standardFieldConfigEditorRegistry } from '@grafana/data';
import { defaultOptions } from './options';
import { plugin } from './module';
import { defaultThresholds } from './thresholds';

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
