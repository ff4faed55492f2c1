/** Renders one panel of the built plugin inside @grafana/scenes, loaded as Grafana loads it. */
import * as emotion from '@emotion/css';
import * as emotionReact from '@emotion/react';
import * as data from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import * as runtime from '@grafana/runtime';
import {
  behaviors,
  EmbeddedScene,
  SceneDataNode,
  SceneGridItem,
  SceneGridLayout,
  SceneTimeRange,
  VizPanel,
} from '@grafana/scenes';
import * as ui from '@grafana/ui';
import * as i18next from 'i18next';
import lodash from 'lodash';
import moment from 'moment';
import * as React from 'react';
import * as ReactDOM from 'react-dom';
import { createRoot } from 'react-dom/client';
import * as svg from 'react-inlinesvg';
import { Router } from 'react-router-dom';
import { CompatRouter } from 'react-router-dom-v5-compat';
import * as jsx from 'react/jsx-runtime';
import * as rxjs from 'rxjs';

declare const System: any;
const PLUGIN = 'clawtrust-trustmap-panel';
const Empty = () => null;

function fillRegistries() {
  const editors =
    'number slider text boolean select radio unit links actions value-mappings mappings thresholds color fieldColor multi-select stats-picker string-array strings timezone fieldName field-name dashboard-uid datasource';
  data.standardEditorsRegistry.setInit(() => editors.split(' ').map(id => ({ id, name: id, editor: Empty as any })));
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
  data.standardFieldConfigEditorRegistry.setInit(() => [
    property('unit', data.unitOverrideProcessor),
    property('min', data.numberOverrideProcessor),
    property('max', data.numberOverrideProcessor),
    property('fieldMinMax', data.booleanOverrideProcessor),
    property('decimals', data.numberOverrideProcessor),
    property('displayName', data.displayNameOverrideProcessor, { expandTemplateVars: true }),
    property('color', data.identityOverrideProcessor),
    property('noValue', data.stringOverrideProcessor),
    property(
      'thresholds',
      data.thresholdsOverrideProcessor,
      {},
      {
        mode: 'absolute',
        steps: [
          { value: -Infinity, color: 'green' },
          { value: 80, color: 'red' },
        ],
      }
    ),
    property('mappings', data.valueMappingsOverrideProcessor, {}, []),
    property('links', data.dataLinksOverrideProcessor, {}, []),
    property('actions', data.identityOverrideProcessor, {}, []),
    property('filterable', data.booleanOverrideProcessor),
  ]);
  data.standardTransformersRegistry.setInit(() =>
    Object.values(data.standardTransformers).map(
      (t: any) =>
        ({ id: t.id, name: t.name, aliasIds: t.aliasIds, transformation: async () => t, editor: Empty }) as any
    )
  );
}

function fillServices() {
  const cache = new Map<string, any>();
  runtime.setAppEvents(new data.EventBusSrv());
  runtime.setEchoSrv({ flush() {}, addBackend() {}, addEvent() {} } as any);
  runtime.setTemplateSrv({
    getVariables: () => [],
    replace: (text: string) => text,
    containsTemplate: () => false,
    updateTimeRange() {},
  } as any);
  runtime.setBackendSrv({ get: (url: string) => fetch(url).then(r => r.json()), fetch: () => rxjs.of({}) } as any);
  const importPanelPlugin = async (id: string) => {
    if (!cache.has(id)) {
      const meta = (runtime.config as any).panels[id];
      const { plugin } = await System.import(meta.module);
      if (!plugin) throw new Error(`${meta.module} exports no plugin.`);
      plugin.meta = meta;
      cache.set(id, plugin);
    }
    return cache.get(id);
  };
  runtime.setPluginImportUtils({ importPanelPlugin, getPanelPluginFromCache: (id: string) => cache.get(id) } as any);
}

function shareModules() {
  const shared: Record<string, unknown> = {
    react: { ...React },
    'react-dom': { ...ReactDOM },
    'react/jsx-runtime': { ...jsx },
    rxjs: { ...rxjs },
    '@emotion/css': { ...emotion },
    '@emotion/react': { ...emotionReact },
    i18next: { ...i18next },
    'react-inlinesvg': { ...svg },
    '@grafana/data': { ...data },
    '@grafana/ui': { ...ui },
    '@grafana/runtime': { ...runtime },
    lodash: { default: lodash, __useDefault: true },
    moment: { default: moment, __useDefault: true },
  };
  System.constructor.prototype.shouldFetch = () => true;
  const imports: Record<string, string> = {};
  for (const [name, module] of Object.entries(shared)) {
    imports[name] = `package:${name}`;
    System.set(`package:${name}`, module);
  }
  System.addImportMap({ imports });
}

async function start() {
  await initPluginTranslations('grafana');
  fillServices();
  fillRegistries();
  shareModules();
  const query = new URLSearchParams(location.search);
  const panel = await (await fetch(`/case/${query.get('case')}.json`)).json();
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
  Object.assign(window, { host: { scene, viz, node, toDataFrame: data.toDataFrame } });
  const theme = query.get('theme') === 'light' ? 'light' : 'dark';
  document.body.className = `theme-${theme}`;
  const Location: any = (runtime as any).LocationServiceProvider;
  const wrap = (child: React.ReactNode) =>
    Location ? <Location service={runtime.locationService}>{child}</Location> : child;
  createRoot(document.getElementById('reactRoot')!).render(
    <Router history={runtime.locationService.getHistory() as any}>
      <CompatRouter>
        {wrap(
          <data.ThemeContext.Provider value={(data as any).getThemeById(theme)}>
            <ui.GlobalStyles />
            <scene.Component model={scene} />
            <ui.PortalContainer />
          </data.ThemeContext.Provider>
        )}
      </CompatRouter>
    </Router>
  );
}

start().catch(error => {
  document.title = `host failed: ${error.message}`;
  console.error(error);
});
