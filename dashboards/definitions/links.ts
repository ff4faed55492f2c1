/**
 * Data links: they keep the time range, the data source and the selected variables, and add what was clicked. Label
 * values are percent-encoded, because a zone's name may contain any character: `R&D #1`.
 */

/** Keeps time, data source, job and gateway. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana interpolates the variables.
const kept = '${__url_time_range}&${datasource:queryparam}&${job:queryparam}'

const ofLabel = (name: string) => `var-${name}=\${__field.labels.${name}:percentencode}`
const ofColumn = (name: string, title: string) => `var-${name}=\${__data.fields["${title}"]:percentencode}`

/** From a cell of the trust map to the explanation of its score. */
export const explainCell = {
  title: 'Explain this series',
  url: `/d/clawtrust-anomalies?${kept}&\${gateway:queryparam}&${ofLabel('trust_zone')}&${ofLabel('signal')}`,
}

/** From a row of a table that names gateway, trust zone and signal. */
export const explainRow = {
  title: 'Explain this series',
  url: `/d/clawtrust-anomalies?${kept}&${ofColumn('gateway', 'Gateway')}&${ofColumn('trust_zone', 'Trust zone')}&${ofColumn('signal', 'Signal')}`,
}

/** From a pair of zones to its decisions. */
export const openFlow = {
  title: 'Decisions of this pair',
  url: `/d/clawtrust-policy?${kept}&\${gateway:queryparam}&${ofLabel('source_zone')}&${ofLabel('destination_zone')}`,
}
