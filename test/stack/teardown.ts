import { endSharedElasticsearch } from './elasticsearch/servers/shared.ts'

// What outlives the test files of a run is ended with it. Jest asks for a default export.
export { endSharedElasticsearch as default }
