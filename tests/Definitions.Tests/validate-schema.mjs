// Validates an example, and three broken forms of it, against a published schema with Ajv.
// usage: node validate-schema.mjs schema.json example.json   (in a folder whose node_modules holds ajv)
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'package.json'));
const Ajv = require('ajv/dist/2020').default;
const [schema, example] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8')));
const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
for (const word of ['x-opplysningstype', 'x-kodeverk']) ajv.addKeyword(word);
const validate = ajv.compile(schema);

const [unit] = example;
const { orgNr, ...withoutUnit } = unit;
const cases = {
  example,
  'without unit': [withoutUnit],
  'with another field': [{ ...unit, navn: 'Ola' }],
  'not an array': unit,
};
for (const [name, message] of Object.entries(cases)) {
  const isValid = validate(message);
  console.log(`${name}: ${isValid ? 'valid' : 'invalid'}`);
  if (name === 'example' && !isValid) console.log(validate.errors);
}
