// Checks files against a JSON Schema: node schema.mjs SCHEMA FILE...
import { readFileSync } from 'node:fs'
import Ajv from 'ajv'
import addFormats from 'ajv-formats'

const [schemaPath, ...paths] = process.argv.slice(2)
const schema = JSON.parse(readFileSync(schemaPath, 'utf8').replace(/^\uFEFF/, ''))
// An id of an old draft names nothing here, and only one published schema has a pattern that is
// wrong by the newer rules for regular expressions.
delete schema.id
const validator = new Ajv({ strict: false, allErrors: true, validateSchema: false, unicodeRegExp: !schemaPath.includes('sarif') })
addFormats(validator)
const accepts = validator.compile(schema)
let refused = 0
for (const path of paths) {
  if (accepts(JSON.parse(readFileSync(path, 'utf8')))) continue
  refused += 1
  console.error(`${path} does not follow ${schemaPath}`)
  for (const error of accepts.errors.slice(0, 10)) {
    console.error(`  ${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`)
  }
}
console.log(`${paths.length - refused} of ${paths.length} files follow ${schemaPath.split('/').pop()}`)
process.exit(refused ? 1 : 0)
