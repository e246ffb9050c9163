/** Errors that people see: a stable code, a sentence with the value, and the next step. */

export const ERROR_CODES = {
  'metric-unknown': 'The metric is not registered.',
  'target-missing': 'The target column is not in the training table.',
  'target-empty': 'The target column has no values.',
  'target-one-class': 'The target column has a single value.',
  'columns-differ': 'Train and test do not have the same feature columns.',
  'ids-duplicate': 'The id column repeats values.',
  'id-missing': 'No column names the rows of the test table.',
  'csv-encoding': 'A table is not valid UTF-8.',
  'csv-malformed': 'A table cannot be parsed.',
  'csv-empty': 'A table has no rows.',
  'path-missing': 'A path does not exist.',
  'budget-too-small': 'The budget does not cover the least that a run needs.',
  'task-invalid': 'task.toml does not match its schema.',
  'target-not-numeric': 'A numeric metric was asked for a target that is not a number.',
  'metric-mismatch': 'The metric does not fit the target.',
  'images-missing': 'Image files named by the table are not there.',
  'option-invalid': 'A command-line option has an unusable value.',
  'run-unknown': 'No run bears this name.',
  'node-unknown': 'No node bears this name.',
  'run-closed': 'The run has ended already.',
  'practice-unknown': 'No practice competition bears this name.',
  'practice-data-missing': 'An installed package does not carry the data of a practice competition.',
  'stack-piece-missing': 'A server or tool is neither installed nor obtainable.',
  'stack-not-running': 'The embedded stack is not running.',
  'download-failed': 'A download failed.',
  'download-corrupt': 'A download does not have the expected hash.',
  'cache-unwritable': 'The cache folder cannot be written.',
  'port-taken': 'A port is in use by another program.',
  'sandbox-missing': 'No full sandbox is available and one was required.',
  'python-missing': 'No suitable Python was found.',
  'replay-diverged': 'A recorded history does not replay under this code.',
  'history-unreadable': 'A file is not a workflow history.',
  'knowledge-invalid': 'A knowledge entry does not pass its checks.',
  'worker-failed': 'The worker could not start.',
  'evaluator-failed': 'The evaluator process failed.',
  'disk-full': 'A disk has too little free space.',
  'server-unreachable': 'A server named in the environment does not answer.',
  'server-failed': 'An embedded server ended or did not become ready.',
  'search-attribute-mismatch': 'A search attribute exists with another type.',
  'submission-invalid': 'A submission file does not pass its checks.',
  'benchmark-invalid': 'Files of a benchmark do not have the form they should.',
  'program-known': 'The run has run this program already.',
  'program-unusable': 'A file is not a program that can be added.',
  'model-missing': 'No language model is configured.',
  'model-key-missing': 'The language model asks for a key and none is set.',
  'model-setting-invalid': 'A setting of the language model has an unusable value.',
  'kubernetes-settings-invalid': 'Settings of the Kubernetes executor have an unusable value.',
  'kubernetes-unreachable': 'The Kubernetes API server does not answer, or refuses these credentials.',
  'kubernetes-forbidden': 'The Kubernetes API server does not allow what the executor needs.',
  'price-unknown': 'A cap in money is asked for a model whose price is not known.',
  'price-invalid': 'A file of prices cannot be used.',
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;

/** An expected fault of input or environment. `next` is a command or an action, in the imperative. */
export class UserError extends Error {
  override readonly name = 'UserError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly next: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
