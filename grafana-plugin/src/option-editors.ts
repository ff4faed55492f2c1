import type { PanelOptionsEditorBuilder } from '@grafana/data';
import { defaultOptions, type LabelNames, optionLimits, type TrustMapOptions } from './options';

const rowsAndCells = ['Rows and cells'];
const labelNames = ['Labels'];

/** The panel's part of the option pane; colours, units, links and the like are Grafana's standard options. */
export function addOptions(builder: PanelOptionsEditorBuilder<TrustMapOptions>): void {
  builder
    .addRadio({
      path: 'mode',
      name: 'Picture',
      description: 'Lanes: trust zones and their signals over time. Flows: decisions from zone to zone.',
      defaultValue: defaultOptions.mode,
      settings: {
        options: [
          { value: 'lanes', label: 'Lanes' },
          { value: 'flows', label: 'Flows' },
        ],
      },
    })
    .addSelect({
      path: 'sort',
      name: 'Order',
      description:
        'How zones, and the signals in each, are ordered. In flows both worst orders put most denials first.',
      defaultValue: defaultOptions.sort,
      settings: {
        options: [
          { value: 'worst-now', label: 'Worst now' },
          { value: 'worst-in-range', label: 'Worst in the time range' },
          { value: 'name', label: 'Name' },
        ],
      },
    })
    .addBooleanSwitch({
      path: 'showFilter',
      name: 'Filter',
      description: 'A field on the panel that leaves only zones and signals with the words typed into it.',
      defaultValue: defaultOptions.showFilter,
    })
    .addBooleanSwitch({
      path: 'showLegend',
      name: 'Legend',
      description: 'The steps of the colours, under panels that are high enough.',
      defaultValue: defaultOptions.showLegend,
    })
    .addSelect({
      path: 'glyphs',
      name: 'Glyphs',
      description: 'Signs on the colours, for readers who cannot tell the colours apart.',
      defaultValue: defaultOptions.glyphs,
      settings: {
        options: [
          { value: 'highest', label: 'Highest step' },
          { value: 'all', label: 'Every step' },
          { value: 'none', label: 'None' },
        ],
      },
    })
    .addSliderInput({
      path: 'rowHeight',
      name: 'Row height',
      category: rowsAndCells,
      description: 'Pixels. Rows grow up to twice as high where the panel has room, and scroll where it has not.',
      defaultValue: defaultOptions.rowHeight,
      settings: { ...optionLimits.rowHeight, step: 1 },
      showIf: ({ mode }) => mode === 'lanes',
    })
    .addSliderInput({
      path: 'cellWidth',
      name: 'Least cell width',
      category: rowsAndCells,
      description: 'Pixels. Narrower cells show a finer course of time; a cell shows the highest value in it.',
      defaultValue: defaultOptions.cellWidth,
      settings: { ...optionLimits.cellWidth, step: 1 },
      showIf: ({ mode }) => mode === 'lanes',
    })
    .addBooleanSwitch({
      path: 'startCollapsed',
      name: 'Start collapsed',
      category: rowsAndCells,
      description: 'Show zones as one row each, until they are opened.',
      defaultValue: defaultOptions.startCollapsed,
      showIf: ({ mode }) => mode === 'lanes',
    });
  addLabelName(builder, 'zone', 'Zone', 'lanes', 'The label that groups lanes.');
  addLabelName(builder, 'signal', 'Signal', 'lanes', 'The label that names a lane in its group.');
  addLabelName(builder, 'source', 'Source', 'flows', 'The label that rows are made of.');
  addLabelName(builder, 'destination', 'Destination', 'flows', 'The label that columns are made of.');
  addLabelName(builder, 'decision', 'Decision', 'flows', 'The label that says allow, deny or another decision.');
}

function addLabelName(
  builder: PanelOptionsEditorBuilder<TrustMapOptions>,
  key: keyof LabelNames,
  name: string,
  mode: TrustMapOptions['mode'],
  description: string
): void {
  builder.addTextInput({
    path: `labels.${key}`,
    name,
    category: labelNames,
    description,
    defaultValue: defaultOptions.labels[key],
    showIf: options => options.mode === mode,
  });
}
