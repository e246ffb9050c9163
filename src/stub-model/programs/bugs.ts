/** Ways in which a sound program is broken: one change each, and the exception that it ends in. */

export interface Bug {
  readonly raises: string;
  put(program: string): string;
}

export const BUGS: readonly [Bug, ...Bug[]] = [
  bug('NameError', 'import numpy as np\n', ''),
  bug('KeyError', 'id_column = sample.columns[0]', 'id_column = "row_identifier"'),
  bug('AttributeError', 'answer.reindex(', 'answer.re_index('),
  bug('OSError', '"working/submission.csv"', '"output/folder/submission.csv"'),
  bug('SyntaxError', 'test = pd.read_csv("input/test.csv")', 'test = pd.read_csv("input/test.csv"'),
  bug('ValueError', 'rows_of_test = features[len(train):]', 'rows_of_test = features[len(train) + 1:]'),
];

/** @throws Error when the program no longer has the place: the templates have changed. */
function bug(raises: string, from: string, to: string): Bug {
  return {
    raises,
    put(program) {
      if (!program.includes(from)) throw new Error(`no place for a ${raises}: ${from}`);
      return program.replace(from, to);
    },
  };
}
