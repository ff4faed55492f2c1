/** Where clicks lead: time, data source and what is chosen stay; what was clicked is chosen too. */

/** Keeps time, data source, job and gateway. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana puts in the variables.
const kept = '${__url_time_range}&${datasource:queryparam}&${job:queryparam}'

const ofLabel = (name: string) => `var-${name}=\${__field.labels.${name}}`
const ofColumn = (name: string, title: string) => `var-${name}=\${__data.fields["${title}"]}`

/** From a cell of the trust map to what its score rests on. */
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
