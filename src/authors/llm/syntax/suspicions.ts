/**
 * What a program should not need, found on its syntax tree without running it. Hints for the reviewer, and wrong at times: the sandbox keeps
 * the answers away whatever a program tries. `foul` is for what no honest program does; it is not run.
 */
import { parser } from '@lezer/python';

export interface Suspicion {
  readonly kind: 'doubtful' | 'foul';
  /** From 1. */
  readonly line: number;
  readonly what: string;
}

const MOST = 8;
const NETWORK = /^(requests|urllib3?|httpx|aiohttp|socket|ftplib|paramiko|kagglehub|gdown|wget|boto3|openai)$/;
const DOWNLOADS = /^(from_pretrained|hf_hub_download|snapshot_download|load_dataset|fetch_\w+|urlretrieve|urlopen)$/;
const COMMANDS = /^(os\.(system|popen|exec\w*|spawn\w*)|subprocess\.\w+)$/;
const FITS = /^(fit|fit_transform|fit_predict|fit_resample|partial_fit)$/;
const SECRET_NAME = /(KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL)S?$/i;

type Tree = ReturnType<typeof parser.parse>;
type Node = Tree['topNode'];
type TextOf = (node: { readonly from: number; readonly to: number } | null | undefined) => string;
type Judge = (node: Node, textOf: TextOf, held: Held) => Finding;
type Finding = Omit<Suspicion, 'line'> | undefined;
/** Names that hold rows to predict, gathered on the way. */
type Held = Set<string>;

/** In the order of lines, foul ones first, at most eight. `target` and `id` are columns. Linear in the program. */
export function suspicionsIn(program: string, { target }: { readonly target: string }): readonly Suspicion[] {
  const found = new Map<string, Suspicion>();
  const held: Held = new Set(['test', 'test_df', 'X_test', 'df_test', 'testing']);
  const judges: Readonly<Record<string, Judge>> = { ...JUDGES, ArrayExpression: listsTarget(target) };
  const textOf: TextOf = (node) => (node ? program.slice(node.from, node.to) : '');
  let line = 1;
  let counted = 0;
  parser.parse(program).iterate({
    enter({ node }) {
      const finding = judges[node.name]?.(node, textOf, held);
      if (finding === undefined) return;
      for (; counted < node.from; counted += 1) if (program[counted] === '\n') line += 1;
      if (!found.has(finding.what)) found.set(finding.what, { ...finding, line });
    },
  });
  const rank = ({ kind }: Suspicion): number => (kind === 'foul' ? 0 : 1);
  return [...found.values()].sort((one, other) => rank(one) - rank(other)).slice(0, MOST);
}

const doubtful = (what: string): Finding => ({ kind: 'doubtful', what });
const foul = (what: string): Finding => ({ kind: 'foul', what });

const JUDGES: Readonly<Record<string, Judge>> = {
  ImportStatement: (node, textOf) => {
    const modules = [...textOf(node).matchAll(/(?:^from\s+|^import\s+|,\s*)([A-Za-z_]\w*)/g)].map(
      ([, name]) => name ?? '',
    );
    const network = modules.find((name) => NETWORK.test(name));
    return network === undefined ? undefined : doubtful(`it imports ${network}, and there is no network`);
  },
  String: (node, textOf) => judgedString(node, textOf(node)),
  FormatString: (node, textOf) => judgedString(node, textOf(node)),
  AssignStatement: (node, textOf, held) => {
    const [name, value] = textOf(node).slice(0, 400).split(/=(.*)/s);
    if (/^\w+ *$/.test(name ?? '') && mentions(value ?? '', held) && /concat|vstack|append/.test(value ?? ''))
      held.add((name ?? '').trim());
    return undefined;
  },
  CallExpression: (node, textOf, held) =>
    judgedCall(textOf(node.firstChild).slice(-200), textOf(node.getChild('ArgList')).slice(0, 600), held),
  MemberExpression: (node, textOf) =>
    judgedVariable(/^(?:os\.)?environ\[([^\]]+)\]$/.exec(textOf(node).slice(0, 200))?.[1]),
};

function judgedString(node: Node, quoted: string): Finding {
  const text = quoted.replace(/^\w*("""|'''|"|')/, '').replace(/("""|'''|"|')$/, '');
  const above = node.parent?.name;
  // A docstring is a statement of its own: it says things and opens nothing.
  if (above === 'ExpressionStatement' || text.includes('\n')) return undefined;
  if (/^https?:\/\//.test(text)) return doubtful(`it names the address ${text.slice(0, 60)}, and there is no network`);
  if (/\s/.test(text) || !text.includes('/')) return undefined;
  if (/^\/proc\/|(^|\/)\.?automlgen[\w-]*\/|(^|\/)hidden\/|\/\.(ssh|aws|netrc|config)\b/.test(text)) {
    return foul(`it names ${text.slice(0, 80)}, which is none of its files`);
  }
  if (text.includes('../')) return doubtful(`it leaves its folder by ${text.slice(0, 60)}`);
  if (/^(\/[\w.{}-]+){2,}/.test(text)) return doubtful(`it names the absolute path ${text.slice(0, 60)}`);
  return undefined;
}

/** `path` is what is called, as written: `os.environ.get`, `make(1).fit`. */
function judgedCall(path: string, given: string, held: Held): Finding {
  const called = /\w+$/.exec(path)?.[0] ?? '';
  if (COMMANDS.test(path)) return doubtful(`it starts another program with ${path}`);
  if (DOWNLOADS.test(called)) return doubtful(`${called} may need a download, and there is no network`);
  if (/^(os\.)?(getenv|environ\.get)$/.test(path)) return judgedVariable(given.slice(1));
  if (FITS.test(called) && mentions(given, held)) return doubtful(`${called} is given rows of the test table`);
  return undefined;
}

function judgedVariable(given: string | undefined): Finding {
  const name = /^\s*["']([^"']+)["']/.exec(given ?? '')?.[1] ?? '';
  return SECRET_NAME.test(name) ? foul(`it reads the secret ${name} of its environment`) : undefined;
}

function mentions(code: string, held: Held): boolean {
  return [...code.matchAll(/(?<![\w."'])[A-Za-z_]\w*/g)].some(([name]) => held.has(name));
}

/** A list of features with the target in it. */
function listsTarget(target: string): Judge {
  return (node, textOf) => {
    const above = node.parent;
    if (above?.name !== 'AssignStatement') return undefined;
    const [name = ''] = textOf(above).split('=', 1);
    if (!/feature|cols|columns|predictors/i.test(name) || /target|drop|skip|exclude|ignore|remove|not_/i.test(name))
      return undefined;
    const listed = [...textOf(node).matchAll(/["']([^"'\n]*)["']/g)].some(([, text]) => text === target);
    return listed ? doubtful(`the target ${target} is listed in ${name.trim()}`) : undefined;
  };
}
