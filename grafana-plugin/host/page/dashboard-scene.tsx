/** A dashboard of Classic JSON as a scene: variables, annotations, links, panels. */
import * as runtime from '@grafana/runtime';
import {
  behaviors,
  dataLayers,
  DataSourceVariable,
  EmbeddedScene,
  QueryVariable,
  SceneDataLayerSet,
  SceneDataTransformer,
  SceneGridItem,
  SceneGridLayout,
  SceneQueryRunner,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  sceneUtils,
  SceneVariableSet,
  VariableValueSelectors,
  VizPanel,
} from '@grafana/scenes';
import { DashboardLinks, DashboardTitle, LineBreak } from './dashboard-links';
import { instance, prometheus, runRequest } from './prometheus/data-source';
import { standIns } from './stand-ins/all';

export async function dashboardScene(uid: string, query: URLSearchParams) {
  const answer = await fetch(`/dashboards/${uid}.json`);
  if (!answer.ok) throw new Error(`There is no dashboard ${uid}.`);
  const dashboard = await answer.json();
  const settings = {
    ...instance,
    id: 1,
    meta: { id: 'prometheus', info: { logos: {} } },
    jsonData: {},
    readOnly: true,
  };
  runtime.setDataSourceSrv({
    get: async () => prometheus,
    getList: () => [settings],
    getInstanceSettings: () => settings,
    registerRuntimeDataSource() {},
    reload: async () => {},
  } as any);
  runtime.setRunRequest(runRequest as any);
  for (const [pluginId, plugin] of Object.entries(standIns)) {
    sceneUtils.registerRuntimePanelPlugin({ pluginId, plugin: plugin as any });
  }
  const links = await (await fetch('/dashboards')).json();
  const scene = new EmbeddedScene({
    $timeRange: new SceneTimeRange({ from: dashboard.time.from, to: dashboard.time.to, timeZone: 'utc' }),
    $variables: new SceneVariableSet({ variables: dashboard.templating.list.map(variableOf) }),
    $data: new SceneDataLayerSet({ layers: dashboard.annotations.list.filter(isAsked).map(layerOf) }),
    $behaviors: [new behaviors.CursorSync({ sync: dashboard.graphTooltip })],
    controls: [
      new DashboardTitle({ title: dashboard.title }),
      new DashboardLinks({ links: dashboard.links, dashboards: links }),
      new SceneTimePicker({ isOnCanvas: true }),
      new SceneRefreshPicker({ isOnCanvas: true }),
      new LineBreak({}),
      new VariableValueSelectors({}),
    ],
    body: new SceneGridLayout({ children: dashboard.panels.map(itemOf) }),
  });
  sceneUtils.syncStateFromSearchParams(scene, query);
  return { scene };
}

function variableOf(variable: any) {
  const { name, label, query, datasource, allValue, sort, refresh, regex } = variable;
  if (variable.type === 'datasource') return new DataSourceVariable({ name, label, pluginId: query });
  return new QueryVariable({
    name,
    label,
    query,
    datasource,
    allValue,
    sort,
    refresh,
    regex,
    isMulti: variable.multi,
    includeAll: variable.includeAll,
    value: variable.current?.value,
    text: variable.current?.text,
  });
}

/** The host has no annotations of Grafana's own. */
const isAsked = ({ datasource }: any) => datasource.type === 'prometheus';

const layerOf = (annotation: any) =>
  new dataLayers.AnnotationsDataLayer({ name: annotation.name, isEnabled: annotation.enable, query: annotation });

function itemOf(panel: any) {
  const { id, gridPos, title, description, type, options, fieldConfig, targets, datasource, transformations } = panel;
  if (id === undefined || targets.some((target: any) => target.refId === undefined))
    throw new Error(`The panel "${title}" has no id, or a query without refId.`);
  const queries = new SceneQueryRunner({ datasource, queries: targets });
  const $data = new SceneDataTransformer({ transformations: transformations ?? [], $data: queries });
  return new SceneGridItem({
    x: gridPos.x,
    y: gridPos.y,
    width: gridPos.w,
    height: gridPos.h,
    body: new VizPanel({ key: `panel-${id}`, title, description, pluginId: type, options, fieldConfig, $data }),
  });
}
