import { refreshScript } from '../../service/page/refresh.ts'
import { contentSecurityPolicyOf, pageHeadersOf } from '../../service/page/security.ts'
import { style } from '../../service/page/style.ts'

/** The document's own policy, also in its meta element: its one style sheet, its one script, its own address, nothing else. */
export const contentSecurityPolicy = contentSecurityPolicyOf({ style, script: refreshScript })

/** Headers that go with the document. */
export const pageHeaders = pageHeadersOf(contentSecurityPolicy)
