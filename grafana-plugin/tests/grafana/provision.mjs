// Writes a dashboard for each case of the host, for a real Grafana: node tests/grafana/provision.mjs
import { writeFileSync } from 'node:fs';
import { caseNames, caseOf } from '../../host/cases.mjs';

const datasource = { type: 'grafana-testdata-datasource', uid: 'testdata' };
/** TestData answers with the frames that the query holds. */
const rawFrames = (refId, frames) => ({
  refId,
  datasource,
  scenarioId: 'raw_frame',
  rawFrameContent: JSON.stringify(frames),
});

function targetsOf({ error, frames }) {
  if (error !== undefined) return [{ refId: 'A', datasource, scenarioId: 'server_error_500' }];
  if (frames.length === 0) return [{ refId: 'A', datasource, scenarioId: 'no_data_points' }];
  const byQuery = Map.groupBy(frames, frame => frame.refId);
  return [...byQuery].map(([refId, members]) => rawFrames(refId, members));
}

const dashboardOf = (name, panel) => ({
  uid: `clawtrust-case-${name}`,
  title: `Trust map: ${name}`,
  schemaVersion: 42,
  timezone: 'utc',
  time: { from: new Date(panel.from).toISOString(), to: new Date(panel.to).toISOString() },
  annotations: {
    list:
      panel.annotations === undefined
        ? []
        : [{ name: 'Events', enable: true, datasource, target: rawFrames('Events', panel.annotations) }],
  },
  panels: [
    {
      id: 1,
      type: 'clawtrust-trustmap-panel',
      title: panel.title,
      gridPos: { x: 0, y: 0, w: 24, h: 18 },
      datasource,
      options: panel.options,
      fieldConfig: panel.fieldConfig ?? { defaults: {}, overrides: [] },
      targets: targetsOf(panel),
    },
  ],
});

for (const name of caseNames) {
  const file = new URL(`../../provisioning/dashboards/${name}.json`, import.meta.url);
  writeFileSync(file, JSON.stringify(dashboardOf(name, caseOf(name))));
}
