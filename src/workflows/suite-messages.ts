/** What a suite can be asked and told. Clients import these definitions; they load no workflow code. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { RunReport, SuiteStatus } from '../domain/suite.js';

/** Sent by each run of a suite when it ends. */
export const runEndedSignal = defineSignal<[RunReport]>('runEnded');
/** Sent to the runs of a suite from time to time: a run that is gone cannot be reached, and that is how a suite notices. */
export const suitePresentSignal = defineSignal<[{ readonly suiteId: string }]>('suitePresent');

export const suiteQuery = defineQuery<SuiteStatus>('suite');

/** Start no further run; those that run are waited for. */
export const stopSuiteUpdate = defineUpdate<SuiteStatus>('stop');
export const setParallelUpdate = defineUpdate<SuiteStatus, [number]>('setParallel');

export const MAXIMUM_PARALLEL = 200;

export const SUITE_DESCRIPTIONS = {
  suite: 'Every run of the suite: state, score, medal. A partial table at any time.',
  stop: 'Start no further run; wait for those that are running, then write the table.',
  setParallel: `Change how many runs go on at the same time: 1 to ${MAXIMUM_PARALLEL}.`,
} as const;
