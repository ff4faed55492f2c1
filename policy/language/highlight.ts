import { styleTags, tags } from '@lezer/highlight'
import { parser } from './parser.ts'

/** The parser of the text form with the tags by which an editor that uses Lezer (CodeMirror) highlights it. */
export const highlightedParser = parser.configure({
  props: [
    styleTags({
      'PolicyKeyword ZoneKeyword ListKeyword AllowKeyword RoleKeyword ExpectKeyword': tags.definitionKeyword,
      'ValueKey TextKey WordsKey TermsKey ConditionKey': tags.propertyName,
      Name: tags.definition(tags.variableName),
      Answer: tags.bool,
      Attribute: tags.attributeName,
      Value: tags.attributeValue,
      Text: tags.string,
      And: tags.logicOperator,
      '=': tags.compareOperator,
      ',': tags.separator,
      Comment: tags.lineComment,
    }),
  ],
})
