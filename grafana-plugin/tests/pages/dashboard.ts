import type { Locator, Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrustMap } from './trust-map';

/** What is looked at of a dashboard's Classic JSON. */
export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly PanelJson[];
}

export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
}

const folder = join(__dirname, '../../../dashboards/json');
export const readDashboard = (name: string): DashboardJson =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));

/** What a panel of each type draws of data, and nothing else. */
const drawn: Readonly<Record<string, string>> = {
  timeseries: '.u-over',
  stat: '[data-testid="host stat"] :text-matches("[0-9a-z]", "i")',
  table: '[role="row"] [role="cell"]',
  'state-timeline': 'svg rect',
  'clawtrust-trustmap-panel': 'canvas',
};

interface Variable {
  readonly name: string;
  readonly options: readonly unknown[];
  readonly value: unknown;
}

/** A dashboard in the panel host. */
export class DashboardPage {
  readonly page: Page;
  readonly #hostUrl: string;
  readonly #theme: string;

  constructor(page: Page, hostUrl: string, theme: string) {
    this.page = page;
    this.#hostUrl = hostUrl;
    this.#theme = theme;
  }

  /** @param query time range and variables, as in an address of Grafana */
  async open(name: string, query: Readonly<Record<string, string>> = {}): Promise<void> {
    const parameters = new URLSearchParams({ ...query, theme: this.#theme });
    await this.page.goto(`${this.#hostUrl}/d/clawtrust-${name}?${parameters}`);
    await this.settled();
  }

  /** A link has led to this dashboard, and no query is under way. */
  async arrives(name: string): Promise<void> {
    await this.page.waitForURL(({ pathname }) => pathname === `/d/clawtrust-${name}`);
    await this.settled();
  }

  /** No query is under way. */
  async settled(): Promise<void> {
    await this.page
      .getByTestId(/^data-testid Panel header/)
      .first()
      .waitFor();
    await this.page.waitForLoadState('networkidle');
  }

  panel({ id }: Pick<PanelJson, 'id'>): Locator {
    return this.page.locator(`[data-viz-panel-key="panel-${id}"]`);
  }

  /** What it shows of its data. */
  dataOf(panel: PanelJson): Locator {
    return this.panel(panel)
      .locator(drawn[panel.type] ?? 'none')
      .first();
  }

  errorOf(panel: PanelJson): Locator {
    return this.panel(panel).getByTestId('data-testid Panel status error');
  }

  trustMap(name: string, title: string): TrustMap {
    const panel = readDashboard(name).panels.find(one => one.title === title);
    return new TrustMap(this.page, this.panel({ id: panel?.id ?? 0 }));
  }

  variables(): Promise<readonly Variable[]> {
    return this.page.evaluate(() => {
      const { variables } = (window as any).host.scene.state.$variables.state;
      return variables.map(({ state: { name, options, value } }: any) => ({ name, options, value }));
    });
  }

  /** From and to, milliseconds. */
  range(): Promise<readonly [number, number]> {
    return this.page.evaluate(() => {
      const { from, to } = (window as any).host.scene.state.$timeRange.state.value;
      return [from.valueOf(), to.valueOf()] as const;
    });
  }
}
