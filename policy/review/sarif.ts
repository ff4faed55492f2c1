import { problemKinds } from '../language/problem-kinds.ts'
import { Places } from '../language/problem-text.ts'
import type { PolicyProblem } from '../model/problem.ts'
import { lintRules } from './lint.ts'

/** A file and what was found in it. */
export interface ReviewedFile {
  /** As the user wrote it. */
  readonly file: string
  readonly source: string
  readonly problems: readonly PolicyProblem[]
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'

/** Every kind of problem with its sentence. */
const helps: Readonly<Record<string, string>> = {
  ...problemKinds,
  ...Object.fromEntries(Object.entries(lintRules).map(([kind, { help }]) => [kind, help])),
}
const kinds = Object.keys(helps)

/**
 * The problems of files as SARIF 2.1.0 (Static Analysis Results Interchange Format, OASIS), which code hosts show beside
 * the lines.
 *
 * @param version of clawtrust
 */
export function sarifLog(files: readonly ReviewedFile[], version: string): object {
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'clawtrust policy lint',
            semanticVersion: version,
            rules: kinds.map(kind => ({ id: kind, shortDescription: { text: helps[kind] } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        artifacts: files.map(({ file }) => ({ location: { uri: uriOf(file) } })),
        results: files.flatMap((reviewed, index) => resultsOf(reviewed, index)),
      },
    ],
  }
}

function resultsOf({ file, source, problems }: ReviewedFile, index: number): readonly object[] {
  const places = new Places(source)
  const artifactLocation = { uri: uriOf(file), index }
  return problems.map(({ kind, level, message, at, suggestion }) => {
    const [start, end] = [places.at(at.from), places.at(at.to)]
    const region = { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column }
    const replacement = { deletedRegion: region, insertedContent: { text: suggestion } }
    const fix = {
      description: { text: suggestion === '' ? 'remove it' : `write ${suggestion}` },
      artifactChanges: [{ artifactLocation, replacements: [replacement] }],
    }
    return {
      ruleId: kind,
      ruleIndex: kinds.indexOf(kind),
      level,
      message: { text: message },
      locations: [{ physicalLocation: { artifactLocation, region } }],
      ...(suggestion === undefined ? {} : { fixes: [fix] }),
    }
  })
}

/** A relative reference (RFC 3986) of a path. */
const uriOf = (file: string): string => file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/')
