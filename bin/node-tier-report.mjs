/** What the demo of the node tier left: its report, and the lines of it that are quoted. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `{ report, headline }` of the newest run in a folder; undefined when none was finished. */
export function findResult(folder) {
  if (!existsSync(folder)) return undefined;
  const paths = readdirSync(folder).map((name) => join(folder, name, 'report.md'));
  const path = paths.filter((one) => existsSync(one)).at(-1);
  if (path === undefined) return undefined;
  const report = readFileSync(path, 'utf8');
  return { report, headline: headlineOf(report) };
}

function headlineOf(report) {
  const chosen = /^\| \*\*Chosen: (.+?)\*\* \| \*\*(.+?)\*\*/m.exec(report);
  const given = /^On the private answers: \*\*(.+?)\*\*/m.exec(report);
  return [chosen ? `${chosen[1]} ${chosen[2]}` : 'no choice', given && `on the private answers ${given[1]}`]
    .filter(Boolean)
    .join(', ');
}

/** With the attempts that reached something; those that were refused are counted in it. */
export function isolationOf(report) {
  const section =
    /^## Isolation\n[\s\S]*?(?=^## |$(?![\s\S]))/m.exec(report)?.[0] ?? '## Isolation\n\nThe report has none.';
  const notice = report
    .split('\n')
    .find((line) => /^\*\*(Scores are not protected|Isolation is not proven)/.test(line));
  const lines = section.split('\n').filter((line) => !/^\| .* \| refused \|/.test(line) && !line.startsWith('- '));
  return [...(notice ? [notice] : []), ...lines].join('\n').trim();
}
