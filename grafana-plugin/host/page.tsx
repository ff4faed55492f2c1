/** The built plugin inside @grafana/scenes, loaded as Grafana loads it: one panel (`/?case=`), or a dashboard (`/d/UID`). */
import { LoadingState, ThemeContext, toDataFrame } from '@grafana/data';
import * as data from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import * as runtime from '@grafana/runtime';
import type { EmbeddedScene } from '@grafana/scenes';
import { GlobalStyles, PortalContainer } from '@grafana/ui';
import * as React from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { Router } from 'react-router-dom';
import { CompatRouter } from 'react-router-dom-v5-compat';
import { caseScene } from './page/case-scene';
import { dashboardScene } from './page/dashboard-scene';
import { fillRegistries } from './page/registries';
import { fillServices, shareModules } from './page/services';

declare global {
  interface Window {
    grafanaBootData: { user: { theme: 'dark' | 'light' } };
    /** Shows another case in place of what is shown, as a page of its own would. */
    openCase: (name: string) => Promise<void>;
  }
}

async function start() {
  await initPluginTranslations('grafana');
  fillServices();
  fillRegistries();
  shareModules();
  const { theme } = window.grafanaBootData.user;
  const query = new URLSearchParams(location.search);
  const uid = /^\/d\/([^/]+)/.exec(location.pathname)?.[1];
  document.body.className = `theme-${theme}`;
  const Location: any = (runtime as any).LocationServiceProvider;
  const wrap = (child: React.ReactNode) =>
    Location ? <Location service={runtime.locationService}>{child}</Location> : child;
  const root = createRoot(document.getElementById('reactRoot')!);
  const show = (shown: { readonly scene: EmbeddedScene }) => {
    Object.assign(window, { host: { ...shown, toDataFrame, LoadingState } });
    // At once: whoever asked for it must not find what was shown before.
    flushSync(() => root.render(page(shown.scene)));
  };
  const page = (scene: EmbeddedScene) => (
    <Router key={scene.state.key} history={runtime.locationService.getHistory() as any}>
      <CompatRouter>
        {wrap(
          <ThemeContext.Provider value={(data as any).getThemeById(theme)}>
            <GlobalStyles />
            <scene.Component model={scene} />
            <PortalContainer />
          </ThemeContext.Provider>
        )}
      </CompatRouter>
    </Router>
  );
  window.openCase = async name => show(await caseScene(name));
  show(uid === undefined ? await caseScene(query.get('case')) : await dashboardScene(uid, query));
}

start().catch(error => {
  document.title = `host failed: ${error.message}`;
  console.error(error);
});
