import { valueAt } from '../../core/json.ts'
import { undatedIn, undatedSearch, undatedSentence } from '../../service/elasticsearch/undated.ts'
import { refusal } from '../call.ts'
import { type Finding, indexPath, note, ok, problem, type Subject } from './contract.ts'

/** Counts the documents that lack the field by which the source reads. */
export async function checkUndated(subject: Subject): Promise<readonly Finding[]> {
  const { ask, cursorField } = subject
  const answer = await ask({
    method: 'POST',
    path: `/${indexPath(subject)}/_search?filter_path=aggregations`,
    body: undatedSearch(cursorField),
  })
  if (answer.status !== 200) return [note(`documents without ${cursorField} cannot be counted (${refusal(answer)})`)]
  const undated = undatedIn(valueAt(answer.body, 'aggregations', 'indices'))
  if (undated.documents === 0) return [ok(`every document has ${cursorField}`)]
  return [problem(undatedSentence(cursorField, undated))]
}
