import type { PanelOptionsEditorBuilder } from '@grafana/data';
import { defaultOptions, type LabelNames, optionLimits, type TrustMapOptions } from './core/options';

const rowsAndCells = ['Rows and cells'];
const labelNames = ['Labels'];
const cellLinks = ['Links of cells'];

/** The panel's part of the option pane; colours, units, links and the like are Grafana's standard options. */
export function addOptions(builder: PanelOptionsEditorBuilder<TrustMapOptions>): void {
  builder
    .addRadio({
      path: 'mode',
      name: 'View',
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
        'The order of zones, and of signals in each zone. In flows, both severity orders put zones with the most denials first.',
      defaultValue: defaultOptions.sort,
      settings: {
        options: [
          { value: 'worst-now', label: 'Highest severity now' },
          { value: 'worst-in-range', label: 'Highest severity in the time range' },
          { value: 'name', label: 'Name' },
        ],
      },
    })
    .addBooleanSwitch({
      path: 'showFilter',
      name: 'Filter',
      description: 'A field on the panel; only zones and signals that contain the words typed into it are shown.',
      defaultValue: defaultOptions.showFilter,
    })
    .addBooleanSwitch({
      path: 'showLegend',
      name: 'Legend',
      description: 'The steps of the colour scale, below panels that are high enough.',
      defaultValue: defaultOptions.showLegend,
    })
    .addSelect({
      path: 'glyphs',
      name: 'Glyphs',
      description: 'Symbols on the colours, for readers who cannot distinguish them.',
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
      name: 'Minimum cell width',
      category: rowsAndCells,
      description: 'Pixels. Narrower cells show more detail; a cell shows its highest value.',
      defaultValue: defaultOptions.cellWidth,
      settings: { ...optionLimits.cellWidth, step: 1 },
      showIf: ({ mode }) => mode === 'lanes',
    })
    .addBooleanSwitch({
      path: 'startCollapsed',
      name: 'Start collapsed',
      category: rowsAndCells,
      description: 'Show one row for each zone until it is expanded.',
      defaultValue: defaultOptions.startCollapsed,
      showIf: ({ mode }) => mode === 'lanes',
    })
    .addTextInput({
      path: 'documentsLink',
      name: 'Documents',
      category: cellLinks,
      description:
        'URL of the documents of a cell, for instance in Kibana or Explore. Variables: ${cell.from}, ${cell.to}, ${cell.zone}, ${cell.signal}, ${cell.trace_id}, and those of the dashboard. Values are percent-encoded.',
      defaultValue: defaultOptions.documentsLink,
      showIf: ({ mode }) => mode === 'lanes',
    })
    .addTextInput({
      path: 'traceLink',
      name: 'Trace',
      category: cellLinks,
      description:
        'URL of the trace of an exemplar, if the data source has no link to it. Variables: ${cell.trace_id}, ${cell.span_id}, and those of Documents.',
      defaultValue: defaultOptions.traceLink,
      showIf: ({ mode }) => mode === 'lanes',
    });
  addLabelName(builder, 'zone', 'Zone', 'lanes', 'The label that groups lanes.');
  addLabelName(builder, 'signal', 'Signal', 'lanes', 'The label that names a lane in its group.');
  addLabelName(builder, 'source', 'Source', 'flows', 'The label that gives the rows.');
  addLabelName(builder, 'destination', 'Destination', 'flows', 'The label that gives the columns.');
  addLabelName(
    builder,
    'decision',
    'Decision',
    'flows',
    'The label that contains the decision: allow, deny or another value.'
  );
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
