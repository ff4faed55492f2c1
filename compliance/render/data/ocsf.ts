import type { ControlStatus } from '../../../core/labels/compliance.ts'
import { visibleJson } from '../../../service/page/visible.ts'
import { uuidOf } from '../../model/digest.ts'
import type { ControlResult, Report, Risk, TestResult } from '../../model/report.ts'
import type { Renderer } from '../contract/renderer.ts'

/** OCSF 1.9.0-dev: Compliance Finding (2003), of the category Findings. */
const VERSION = '1.9.0-dev'
const CATEGORY = 2
const COMPLIANCE_FINDING = 2003
const CREATE = 1

/** `status_id` and `status` of OCSF's compliance object; 99 has the word of its producer. */
const statuses = {
  unknown: { status_id: 0, status: 'Unknown' },
  pass: { status_id: 1, status: 'Pass' },
  fail: { status_id: 3, status: 'Fail' },
  manual: { status_id: 99, status: 'Manual' },
  exception: { status_id: 99, status: 'Exception' },
} as const satisfies Record<ControlStatus, object>

const INFORMATIONAL = 1
const severities = { low: 2, medium: 3, high: 4 } as const satisfies Record<Risk['severity'], number>

export const ocsfRenderer: Renderer = {
  format: 'ocsf',
  file: 'ocsf.ndjson',
  mediaType: 'application/x-ndjson',
  summary: 'one Compliance Finding of OCSF for each control, for a SIEM',
  render: report =>
    Buffer.from(
      report.controls.map((control, index) => `${lineOf(complianceFinding(report, control, index))}\n`).join(''),
    ),
}

const lineOf = (finding: object): string => visibleJson(JSON.stringify(finding))

function complianceFinding(report: Report, control: ControlResult, index: number): object {
  const { generatedAt, period, generator } = report
  const framework = report.frameworks.find(({ id }) => id === control.framework)
  const risk = report.risks.find(each => each.control === control.id)
  const time = Date.parse(generatedAt)
  return {
    class_uid: COMPLIANCE_FINDING,
    category_uid: CATEGORY,
    activity_id: CREATE,
    type_uid: COMPLIANCE_FINDING * 100 + CREATE,
    time,
    start_time: Date.parse(period.start),
    end_time: Date.parse(period.end),
    severity_id: risk === undefined ? INFORMATIONAL : severities[risk.severity],
    message: control.reason,
    metadata: {
      version: VERSION,
      sequence: index + 1,
      product: { name: generator.name, vendor_name: generator.name, version: generator.version },
    },
    finding_info: {
      uid: uuidOf(JSON.stringify([report.id, control.id])),
      title: `${control.control} ${control.title}`,
      desc: control.reason,
      created_time: time,
      types: ['Control'],
    },
    compliance: {
      control: control.control,
      standards: [framework === undefined ? control.framework : `${framework.title} ${framework.version}`],
      ...(control.objectives.length === 0 ? {} : { requirements: control.objectives }),
      ...statuses[control.status],
      status_detail: control.reason,
      ...(control.tests.length === 0 ? {} : { checks: control.tests.map(checkOf) }),
    },
    ...(control.remedy === '' ? {} : { remediation: { desc: control.remedy } }),
    unmapped: {
      report: report.id,
      period: period.name,
      synthetic: report.synthetic,
      redacted: report.redacted,
      framework: control.framework,
      pillar: control.pillar,
      since: control.since,
      cannot_prove: control.cannotProve,
      manual: control.manual,
      evidence: control.tests.map(test => evidenceOf(report, test)),
    },
  }
}

const checkOf = ({ id, title, outcome, reason }: TestResult): object => ({
  uid: id,
  name: title,
  desc: reason,
  ...statuses[outcome],
})

/** What a test compared, and the hash of what it rests on. */
function evidenceOf(report: Report, { id, evidence, value, unit, expected, newest }: TestResult): object {
  const piece = report.evidence.find(each => each.id === evidence)
  return {
    test: id,
    evidence,
    value,
    unit,
    expected,
    newest,
    count: piece?.count ?? null,
    sha256: piece?.sha256 ?? null,
  }
}
