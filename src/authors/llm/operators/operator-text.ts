/** What each operator is asked for: the same for every node, so it closes the stable part of the prompt. */
import type { PromptName } from './visibility.js';

const EDITS = `Answer with edits of the program shown. Each \`search\` holds whole lines copied from it exactly, spaces included, and long enough to be found only once; each \`replace\` holds the lines that take their place. Edits apply in order and must not overlap. Change what the plan needs and nothing else: names, seeds, split and files stay. All edits have to fit, or none is used.`;

const WHOLE = 'Answer with the complete program. It must run as it stands.';

const ALL_ROWS =
  'Do not subsample the labelled rows for what is submitted (an average over folds uses them all); where time or memory forces it, the plan names how many rows are left out and why.';

const DRAFT = `A first program of a new branch. Decide on one idea that suits this data and this metric, and carry it out well.

- Ask what is special here: size, kinds of columns, missing cells, balance, groups or time, what the metric punishes.
- Take a model that fits, features that it can use, a loss or a decision rule that serves the metric, and a validation that copies how rows to predict relate to labelled ones.
- Do not repeat a draft that exists: another model family or another view of the data, not other settings.
- No exploration, no plots, no search over settings inside the program.
- ${ALL_ROWS}`;

const IMPROVE_RULES = `- Say in the plan which weakness you see, on what evidence, and why the change should help.
- Change one thing, so that its effect can be measured against the program at hand. Keep validation, seeds and files, unless they are wrong.
- What was tried already, here or elsewhere in the run, is listed: go on from what paid, leave what did not.
- If the program is close to its time limit, the change must not make it slower.`;

export const OPERATOR_TEXT: Readonly<Record<PromptName, string>> = {
  draft: `# Your task: draft\n\n${DRAFT}\n\n${WHOLE}`,
  'draft-data': `# Your task: draft, step 1 of 4: data and features\n\n${DRAFT}\n\nThis step reads the files, cleans them, builds the features and makes the validation split. It ends with plain names for what the next steps use (training features, target, test features, ids, folds). Answer with your notes for the next steps and the code of this part alone.`,
  'draft-model': `# Your task: draft, step 2 of 4: the model\n\n${DRAFT}\n\nThe code of step 1 is given. This step chooses the model, its loss and its settings for those features, as a function that makes a fresh one for a seed. It trains nothing yet. Answer with your notes for the next steps and the code of this part alone.`,
  'draft-training': `# Your task: draft, step 3 of 4: training and prediction\n\nThe code of steps 1 and 2 is given. This step trains on the folds, prints the validation score in the task's metric, keeps the best state of models that train in rounds, predicts every row of test.csv and writes the output files. ${ALL_ROWS} Answer with your notes and the code of this part alone.`,
  'draft-merge': `# Your task: draft, step 4 of 4: one program\n\nThe three parts are given. Join them into one complete program without designing anything anew: resolve names, remove what is there twice, repair what does not fit together. The plan describes what the program does.\n\n${WHOLE}`,
  'improve-tune': `# Your task: improve, by settings\n\nBetter settings of what is there: learning rate against rounds, depth or leaves, regularisation, sampling, early stopping, number of seeds or folds averaged, cut points. Move a setting far enough to be seen.\n\n${IMPROVE_RULES}\n\n${EDITS}`,
  'improve-features': `# Your task: improve, by data and features\n\nBetter input for the model that is there: cleaning, encodings, interactions, aggregates over groups or time, text and image features, what missing cells tell, augmentation. A feature exists in test.csv too, and is fitted inside the training part.\n\n${IMPROVE_RULES}\n\n${EDITS}`,
  'improve-strategy': `# Your task: improve, by strategy\n\nA better way from models to predictions: transformed target, another loss nearer the metric, averaging over folds and seeds, a second model of another kind blended by out-of-fold scores, calibration, thresholds, pseudo-labels made inside the training part.\n\n${IMPROVE_RULES}\n\n${EDITS}`,
  'improve-plateau': `# Your task: improve, by a bigger step\n\nSmall changes of this branch have stopped paying. Name the kind of the recent changes (settings, component, approach), and take a larger kind than those: replace a component by another (model family, representation of the data, loss, training), or the approach as a whole. Another setting of the same thing is not an answer. Keep what the contract asks and what is proven to work around it.\n\n${IMPROVE_RULES}\n\n${EDITS}`,
  debug: `# Your task: debug

The program at hand failed. Find the root cause and repair it.

- Read the verdict and the last traceback first, then the line that it names, then where its values come from. The line that breaks is often not the line that is wrong.
- The smallest change that removes the cause. Keep the idea, the model and the features; look for the same fault elsewhere in the file.
- Never repair by catching the exception, by dropping rows of test.csv, or by constant or made-up predictions.
- Out of time or memory: spend less where most is spent (rounds, folds, rows in a fit, width), by a factor, not by a little.
- An earlier repair that failed is listed: do not repeat it, ask why it failed.

${EDITS}`,
  evolve: `# Your task: evolve

The branch of this program has a history: what was changed step by step, and what each step was worth. Read it as evidence. Name the pattern that paid and the pattern that did not, then take the step which that evidence suggests and nobody has taken: further in a direction that paid, or away from one that is used up.

${IMPROVE_RULES}

${EDITS}`,
  fuse: `# Your task: fuse

Another program of another branch is given beside the program at hand. Adopt exactly one technique of it.

- Name the weakness of the program at hand, and the one technique of the other program that answers it; the first entry of \`changes\` reads \`from <its number>: <technique>\`.
- The program at hand stays what it is: its model, its split, its seeds. The technique is built into it; the other program is not pasted beside it.
- If the technique is another model, it joins as a second member whose weight is chosen by out-of-fold scores.

${EDITS}`,
  aggregate: `# Your task: aggregate

The best program of each branch is given. Write a fresh program that combines their strengths: not an edit of one, not all of them one after another. Take the features that served more than one, the best model of each kind that adds something, one validation for all, and a blend or a stack whose weights come from out-of-fold predictions. It must fit the time limit: leave out what costs much and adds little. ${ALL_ROWS}

${WHOLE}`,
  review: `# Your task: review before it is run

Judge the program below by this list and by nothing else:

1. Split first: nothing that learns from rows is fitted before the split, or on validation or test rows. Target statistics are made inside the training part.
2. The split copies how rows to predict relate to labelled ones (groups, time).
3. The score it prints is in the task's metric, in the right direction, on rows it was not trained on.
4. Predictions come from the trained model for every row: none constant, random, made up or copied from the sample submission; no failure hidden by \`except\`.
5. Output files, columns, ids and classes as in the contract; row counts and class lists taken from the files.
6. The best state is used where a model is trained in rounds, not the last one.
7. It fits time and memory, and uses no package, file or network that is not there; calls that do not exist in the listed versions.
8. No target, id or order of rows among the features; no search for answers.

Approve unless a point is clearly broken: taste, model choice and style are not yours. \`patch\` when small edits repair it: they follow the rules of edits (lines copied exactly and found once; all fit or none is used). \`reject\` when it cannot be repaired by a few edits. Give a reason for each point that is broken, and no others.`,
  usage: `# Your task: is all data used?

Say whether the program below uses everything that it was given and that can help the prediction: every file of the task, and every column.

- Go through the files and the columns one by one. Count as used what is read and reaches the model, also by way of a feature made of it.
- Leave out rightly: ids, constant columns, what is not there for the rows to predict, what carries the target, and what the time limit has no room for.
- If nothing that matters is missing, answer \`all-used\`. That is the usual answer: do not bring in what cannot help.
- Otherwise answer \`improved\`, name in \`unused\` what was left out, and change the program so that it is used: by edits (lines copied exactly and found once; all fit or none is used), or by the complete program with \`edits\` empty. The model, the split, the seeds and the output files stay.
- A file is read without \`try\`/\`except\`: one that is missing must be noticed. What is fitted for a new feature is fitted inside the training part.`,
  'leak-rewrite': `# Your task: remove a leak

The program at hand lets information reach the model that it will not have for the rows to predict, as described below. Change it so that this is no longer possible, and leave all else as it is. The validation score may become worse: that is the purpose. If the finding is about a column, leave the column out; if it is about what is fitted where, fit inside the training part.

${EDITS}`,
  ablate: `# Your task: ablate

Write a program that does what the program at hand does, and also measures what its parts are worth. It runs its validation once as it is, and once for each of two or three variants in which one part is disabled or replaced by something plain: a group of features, a treatment, special settings of the model, a post-processing. Prefer parts that were not ablated before.

- The same rows, folds and seeds for all variants, on at most 20,000 rows; everything together stays within the time limit.
- For each variant it prints one line of JSON: \`{"component": "<name>", "score": <number>}\`, with the component \`baseline\` first.
- At the end it writes the output files as the program at hand does, so that it counts as run.

${WHOLE}`,
  'refine-block': `# Your task: refine a block

An ablation of the program at hand is given: what the validation score became without each of its parts. Take the one block of code (five to sixty lines) that matters most by these numbers, not the one that looks worst, and make it better. Plans tried before are listed with what they gained: yours is another one. No wide search over settings; names and shapes that the rest of the program uses stay. The first entry of \`changes\` names the block and the component of the ablation.

${EDITS}`,
  merge: `# Your task: merge

Two programs are given: the program at hand, and another. Build the other one's model into the program at hand, which remains the frame: one reading of the data, similar steps done once, the additional model trained on the same folds, and the predictions of both averaged, by equal weights or by weights from out-of-fold scores. Nothing else changes. ${ALL_ROWS}

${WHOLE}`,
};
