import * as data from '@grafana/data';

/** Times at which the expression had a value: neighbours of one series are one event. */
export function eventsOf(annotation: any, frame: data.DataFrame) {
  const [times, values] = frame.fields;
  const labels = values.labels ?? {};
  const fill = (format = '') => format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label) => labels[label] ?? '');
  const events: any[] = [];
  times.values.forEach((time: number, at: number) => {
    const last = events.at(-1);
    if (last && time - (last.timeEnd ?? last.time) <= (times.config.interval ?? 0)) {
      last.timeEnd = time;
      last.isRegion = true;
    } else if (values.values[at]) {
      const theme = (data as any).getThemeById(window.grafanaBootData.user.theme);
      const color = theme.visualization.getColorByName(annotation.iconColor);
      events.push({ time, title: fill(annotation.titleFormat), text: fill(annotation.textFormat), tags: [], color });
    }
  });
  return events;
}
