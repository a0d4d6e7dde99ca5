// node schema.mjs SCHEMA FILE: exits with 1 and the first errors where FILE does not follow SCHEMA.
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import addFormats from "ajv-formats";

const [schemaFile, file] = process.argv.slice(2);
const schema = JSON.parse(readFileSync(schemaFile, "utf8"));
// The schema of SARIF bears an id of an older draft, and a pattern that is none with the u flag;
// patterns of OSCAL are none without it.
delete schema.id;
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  validateSchema: false,
  unicodeRegExp: !schemaFile.includes("sarif"),
});
addFormats(ajv);
const validate = ajv.compile(schema);
// A byte order mark makes this throw, as it does for most readers.
if (!validate(JSON.parse(readFileSync(file, "utf8")))) {
  for (const error of validate.errors.slice(0, 20)) {
    console.error(`${file}: ${error.instancePath || "/"} ${error.message} ${JSON.stringify(error.params)}`);
  }
  process.exit(1);
}
console.log(`${file.split("/").pop()} follows ${schemaFile.split("/").pop()}`);
