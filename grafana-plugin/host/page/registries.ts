/** What Grafana core puts into the registries of @grafana/data when it starts. */
import * as data from '@grafana/data';
import { config } from '@grafana/runtime';

const Empty = () => null;
const editors =
  'number slider text boolean select radio unit links actions value-mappings mappings thresholds color fieldColor multi-select stats-picker string-array strings timezone fieldName field-name dashboard-uid datasource';
const defaultThresholds = {
  mode: 'absolute',
  steps: [
    { value: -Infinity, color: 'green' },
    { value: 80, color: 'red' },
  ],
};

export function fillRegistries() {
  data.standardEditorsRegistry.setInit(() => editors.split(' ').map(id => ({ id, name: id, editor: Empty as any })));
  data.standardFieldConfigEditorRegistry.setInit(() => [
    property('unit', data.unitOverrideProcessor),
    property('min', data.numberOverrideProcessor),
    property('max', data.numberOverrideProcessor),
    property('fieldMinMax', data.booleanOverrideProcessor),
    property('decimals', data.numberOverrideProcessor),
    property('displayName', data.displayNameOverrideProcessor, { expandTemplateVars: true }),
    property('color', data.identityOverrideProcessor),
    property('noValue', data.stringOverrideProcessor),
    property('thresholds', data.thresholdsOverrideProcessor, {}, defaultThresholds),
    property('mappings', data.valueMappingsOverrideProcessor, {}, []),
    property('links', data.dataLinksOverrideProcessor, {}, []),
    property('actions', data.identityOverrideProcessor, {}, []),
    property('filterable', data.booleanOverrideProcessor),
  ]);
  // Some stand under two names. From Grafana 13 on they are loaded when they are needed.
  const isLoadedLater = !config.buildInfo.version.startsWith('12.');
  const transformers = [...new Set(Object.values(data.standardTransformers))];
  data.standardTransformersRegistry.setInit(() =>
    transformers.map(
      (t: any) =>
        ({
          id: t.id,
          name: t.name,
          aliasIds: t.aliasIds,
          transformation: isLoadedLater ? async () => t : t,
          editor: Empty,
        }) as any
    )
  );
}

const property = (id: string, process: unknown, settings: unknown = {}, defaultValue?: unknown) =>
  ({
    id,
    path: id,
    name: id,
    editor: Empty,
    override: Empty,
    process,
    settings,
    defaultValue,
    shouldApply: () => true,
    category: ['Standard options'],
  }) as any;
