/** The generated parts of docs/settings.md: environment variables, the settings file of a cluster, the numbers of a search. */
import { z } from 'zod';
import { SearchConfig } from '../../src/domain/search-config.js';
import { ENVIRONMENT, KubernetesSettings } from '../../src/execution/kubernetes/settings.js';
import { OPERATIONS_ENVIRONMENT } from '../../src/worker/operations.js';

/** Variables that modules read without a table of their own. */
const FURTHER: Readonly<Record<string, string>> = {
  AUTOMLGEN_CACHE: 'Folder of tools, servers, prepared tables and programs. Default ~/.cache/automlgen.',
  AUTOMLGEN_PYTHON:
    'Interpreter that programs and the evaluator run with, as it is; it should have the packages of python/requirements.lock.',
  AUTOMLGEN_PRICES: 'TOML file with prices of models, before the table of the product (docs/models.md).',
  AUTOMLGEN_DEBUG: 'Anything: an unexpected error is printed with its stack.',
  AUTOMLGEN_TEMPORAL_PORT: 'Port of the embedded Temporal server. Default: a free one.',
  AUTOMLGEN_TEMPORAL_UI_PORT: 'Port of its page. Default: a free one.',
  AUTOMLGEN_DATABASE_PORT: 'Port of the embedded database. Default: a free one.',
  AUTOMLGEN_DOCTOR_FORBIDDEN:
    'host:port, with commas between them, that `automlgen doctor --try` finds closed to programs.',
  TEMPORAL_ADDRESS: 'host:port of a Temporal server; the embedded one is not started then.',
  MONGODB_URI: 'Connection string of a MongoDB; the embedded one is not started then.',
};

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly oneOf?: readonly Schema[];
  readonly required?: readonly string[];
}

interface Field {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

export function settingsParts(): Readonly<Record<string, string>> {
  return {
    environment: environmentTable(),
    kubernetes: fieldTable(fieldsOf(schemaOf(KubernetesSettings))),
    search: fieldTable(fieldsOf(schemaOf(SearchConfig))),
  };
}

function environmentTable(): string {
  const all: Readonly<Record<string, string>> = { ...FURTHER, ...OPERATIONS_ENVIRONMENT, ...ENVIRONMENT };
  const rows = Object.keys(all).sort();
  return table(
    ['variable', 'meaning'],
    rows.map((name) => [`\`${name}\``, all[name] ?? '']),
  );
}

function schemaOf(type: z.ZodType): Schema {
  return z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' }) as Schema;
}

/** Leaves by their path; records of objects as `<class>`. */
function fieldsOf(schema: Schema, path = ''): readonly Field[] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const whole = path === '' ? name : `${path}.${name}`;
    const record = typeof field.additionalProperties === 'object' ? field.additionalProperties : undefined;
    if (record?.properties) return fieldsOf(record, `${whole}.<class>`);
    if (field.properties) return fieldsOf(field, whole);
    return [
      { name: whole, schema: field, required: schema.required?.includes(name) ?? false },
      ...(field.oneOf ?? []).flatMap((one) => fieldsOf(one, whole)),
    ];
  });
  return below.filter(
    (field, place) => below.findIndex((other) => other.name === field.name && sameText(other, field)) === place,
  );
}

function sameText(a: Field, b: Field): boolean {
  return a.schema.description === b.schema.description;
}

function fieldTable(fields: readonly Field[]): string {
  return table(
    ['field', 'default', 'meaning'],
    fields.map(({ name, schema, required }) => {
      const fixed = schema.const === undefined ? '' : ` = ${String(schema.const)}`;
      return [`\`${name}${fixed}\``, defaultText(schema, required), meaning(schema)];
    }),
  );
}

function defaultText(schema: Schema, required: boolean): string {
  if (schema.const !== undefined) return '';
  if (schema.default === undefined) return required ? 'required' : '';
  const text = typeof schema.default === 'string' ? schema.default : JSON.stringify(schema.default);
  return text === '[]' || text === '{}' ? '' : `\`${text}\``;
}

function meaning({ description = '', enum: values }: Schema): string {
  const named = values?.every((value) => description.includes(String(value))) ?? true;
  return named || !values
    ? description
    : `${description} One of ${values.map((value) => `\`${String(value)}\``).join(', ')}.`.trim();
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
