import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { TopsparkError } from 'topspark/base/errors.js';

const compiled = new Map<string, ValidateFunction>();

/**
 * Checks a value against a schema in the folder `schema/`.
 *
 * @param schema - name of the file without `.schema.json`
 * @param where - what the value is, for the error's sentence
 * @throws {@link TopsparkError} of kind `data`, with code `bad_` and the schema's name, naming the first wrong field
 */
export function checkSchema(schema: string, value: unknown, where: string): void {
  let validate = compiled.get(schema);
  if (!validate) {
    const text = readFileSync(new URL(`../../schema/${schema}.schema.json`, import.meta.url), 'utf8');
    validate = new Ajv({ discriminator: true, verbose: true, strictRequired: false }).compile(
      JSON.parse(text) as object,
    );
    compiled.set(schema, validate);
  }
  if (validate(value)) return;
  const sentence = (validate.errors ?? []).slice(0, 1).map(describe).join();
  throw new TopsparkError(`bad_${schema}`, 'data', `${where}: ${sentence}`);
}

function describe({ instancePath, keyword, message, data, params }: ErrorObject): string {
  const detail = params as { allowedValues?: unknown[]; additionalProperty?: string; tag?: string; tagValue?: unknown };
  const at = [...instancePath.split('/').slice(1), ...(keyword === 'discriminator' ? [detail.tag] : [])].join('.');
  const found =
    (JSON.stringify(keyword === 'discriminator' ? detail.tagValue : data) as string | undefined) ?? 'missing';
  const short = found.length > 80 ? `${found.slice(0, 80)}…` : found;
  const rule = keyword === 'discriminator' ? 'is none of those known' : (message ?? 'is not allowed');
  const more = detail.allowedValues?.join(', ') ?? detail.additionalProperty;
  return `${at === '' ? 'it' : at} is ${short}, but ${rule}${more === undefined ? '' : `: ${more}`}`;
}
