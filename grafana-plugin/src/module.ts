import { FieldColorModeId, FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { TrustMapPanel } from './TrustMapPanel';
import { addOptions } from './option-editors';
import { migrateOptions } from './migrations';
import type { TrustMapOptions } from './core/options';
import { suggestTrustMap } from './suggestions';
import { defaultThresholds } from './core/thresholds';

export const plugin = new PanelPlugin<TrustMapOptions>(TrustMapPanel)
  .useFieldConfig({
    standardOptions: {
      [FieldConfigProperty.Color]: {
        settings: { byValueSupport: true, preferThresholdsMode: true },
        defaultValue: { mode: FieldColorModeId.Thresholds },
      },
      [FieldConfigProperty.Thresholds]: { defaultValue: defaultThresholds },
    },
  })
  .setPanelOptions(addOptions)
  .setMigrationHandler(migrateOptions)
  .setDataSupport({ annotations: true, alertStates: true })
  .setSuggestionsSupplier(suggestTrustMap);
