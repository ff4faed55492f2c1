/** The dashboard's name, its links to others, which keep time and variables, and what is not Grafana's own. */
import { config } from '@grafana/runtime';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Badge, Button, Dropdown, Menu } from '@grafana/ui';
import * as React from 'react';

interface TitleState extends SceneObjectState {
  title: string;
}

export class DashboardTitle extends SceneObjectBase<TitleState> {
  static Component = ({ model }: SceneComponentProps<DashboardTitle>) => (
    <div style={{ display: 'flex', alignItems: 'center', gap: 12, flexGrow: 1 }}>
      <h1 style={{ fontSize: 18, margin: 0 }}>{model.useState().title}</h1>
      <Badge
        color="blue"
        text={`Panel host, Grafana ${config.buildInfo.version}: the trust map is real, other panels are stand-ins`}
      />
    </div>
  );
}

/** What follows begins a new line. */
export class LineBreak extends SceneObjectBase {
  static Component = () => <div style={{ flexBasis: '100%', height: 0 }} />;
}

interface Link {
  readonly title: string;
  readonly tags: readonly string[];
  readonly includeVars: boolean;
  readonly keepTime: boolean;
}
interface LinksState extends SceneObjectState {
  links: readonly Link[];
  dashboards: readonly { uid: string; title: string; tags: readonly string[] }[];
}

export class DashboardLinks extends SceneObjectBase<LinksState> {
  static Component = ({ model }: SceneComponentProps<DashboardLinks>) => {
    const { links } = model.useState();
    return (
      <>
        {links.map(link => (
          <Dropdown key={link.title} overlay={() => model.menu(link)}>
            <Button variant="secondary" icon="bars">
              {link.title}
            </Button>
          </Dropdown>
        ))}
      </>
    );
  };

  menu({ tags, includeVars, keepTime }: Link) {
    const time = keepTime ? '${__url_time_range}' : '';
    const variables = includeVars ? '${__all_variables}' : '';
    const query = sceneGraph.interpolate(this, [time, variables].filter(Boolean).join('&'));
    const leading = this.state.dashboards.filter(dashboard => tags.every(tag => dashboard.tags.includes(tag)));
    return (
      <Menu>
        {leading.map(({ uid, title }) => (
          <Menu.Item key={uid} label={title} url={`/d/${uid}?${query}`} />
        ))}
      </Menu>
    );
  }
}
