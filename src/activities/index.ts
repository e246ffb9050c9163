/** The activities of one worker, by task queue. */
import { createAttestRun } from './attest.js';
import { createChooseFinal } from './choose.js';
import type { AuthorActivities, EvaluationActivities, ExecutionActivities, SearchActivities } from './contract.js';
import type { Dependencies } from './dependencies.js';
import { createEvaluateNode } from './evaluate.js';
import { createExecuteNode } from './execute.js';
import { createPackageRun } from './finalise.js';
import { createPrepareRun } from './prepare.js';
import { createProposeNode } from './propose.js';
import { createRecordActivities } from './record.js';
import { createPackageSuite } from './suite.js';

export function createSearchActivities(dependencies: Pick<Dependencies, 'store'>): SearchActivities {
  return createRecordActivities(dependencies);
}

export function createAuthorActivities(
  dependencies: Pick<Dependencies, 'store' | 'authorFor' | 'modelFor' | 'knowledge'>,
): AuthorActivities {
  return { proposeNode: createProposeNode(dependencies) };
}

export function createExecutionActivities(
  dependencies: Pick<Dependencies, 'store' | 'executor' | 'guarded' | 'onAbandoned'>,
): ExecutionActivities {
  return { executeNode: createExecuteNode(dependencies), attestRun: createAttestRun(dependencies) };
}

export function createEvaluationActivities(dependencies: Dependencies): EvaluationActivities {
  return {
    prepareRun: createPrepareRun(dependencies),
    evaluateNode: createEvaluateNode(dependencies),
    chooseFinal: createChooseFinal(dependencies),
    packageRun: createPackageRun(dependencies),
    packageSuite: createPackageSuite(),
  };
}
