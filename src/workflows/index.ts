/** Entry of the workflow bundle: every export is a workflow type, and its name is never changed. */
export { competitionWorkflow } from './competition.js';
export { suiteWorkflow } from './suite.js';
