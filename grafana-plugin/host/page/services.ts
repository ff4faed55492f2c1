/** The services that @grafana/runtime expects of Grafana, and the modules that it shares with plugins. */
import * as emotion from '@emotion/css';
import * as emotionReact from '@emotion/react';
import * as data from '@grafana/data';
import * as runtime from '@grafana/runtime';
import * as ui from '@grafana/ui';
import * as i18next from 'i18next';
import lodash from 'lodash';
import moment from 'moment';
import * as React from 'react';
import * as ReactDOM from 'react-dom';
import * as svg from 'react-inlinesvg';
import * as jsx from 'react/jsx-runtime';
import * as rxjs from 'rxjs';

declare const System: any;

export function fillServices() {
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

/** After services and registries: a copied namespace no longer follows its module. */
export function shareModules() {
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
