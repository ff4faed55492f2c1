/** One panel of the plugin over recorded frames: `?case=NAME`. */
import * as data from '@grafana/data';
import {
  behaviors,
  EmbeddedScene,
  SceneDataNode,
  SceneGridItem,
  SceneGridLayout,
  SceneTimeRange,
  VizPanel,
} from '@grafana/scenes';

const PLUGIN = 'clawtrust-trustmap-panel';

export async function caseScene(name: string | null) {
  const panel = await (await fetch(`/case/${name}.json`)).json();
  const series = (panel.frames ?? []).map((frame: any) => data.toDataFrame(frame));
  const annotations = (panel.annotations ?? []).map((frame: any) => data.toDataFrame(frame));
  const $timeRange = new SceneTimeRange({
    from: new Date(panel.from).toISOString(),
    to: new Date(panel.to).toISOString(),
    timeZone: 'utc',
  });
  const state = panel.error ? data.LoadingState.Error : data.LoadingState.Done;
  const node = new SceneDataNode({
    data: {
      state,
      series,
      annotations,
      timeRange: $timeRange.state.value,
      ...(panel.error ? { errors: [{ message: panel.error }] } : {}),
    } as any,
  });
  const viz = new VizPanel({
    key: 'panel-1',
    title: panel.title,
    pluginId: PLUGIN,
    options: panel.options,
    fieldConfig: panel.fieldConfig ?? { defaults: {}, overrides: [] },
    $data: node,
  });
  const scene = new EmbeddedScene({
    $timeRange,
    $behaviors: [new behaviors.CursorSync({ sync: 1 as any })],
    body: new SceneGridLayout({
      children: [new SceneGridItem({ x: 0, y: 0, width: 24, height: panel.height ?? 18, body: viz })],
    }),
  });
  return { scene, viz, node };
}
