import { existsSync, readdirSync } from 'node:fs';

const BEGIN = '<!-- Written by "npm run docs". -->';
const END = '<!-- End of the generated table. -->';

/** Names of the services with a configuration: `services/<name>/src/<name>.config.ts`. */
export const configuredServices = () =>
  readdirSync('services')
    .filter((name) => existsSync(`services/${name}/src/${name}.config.ts`))
    .sort();

/** The schema that a configuration file exports. */
export function schemaIn(configFile) {
  const schema = Object.values(configFile).find((exported) => exported?._zod?.def.type === 'object');
  if (!schema) throw new Error('A <service>.config.ts file must export the schema of its environment, a z.object().');
  return schema;
}

/**
 * The Markdown table of all variables. `services` is a list of `{ service, variables }` with the output of `describeConfig`
 * in libs/runtime; a variable with the same meaning in several services has one row.
 */
export function configurationTable(services) {
  const rows = new Map();
  for (const { service, variables } of services) {
    for (const { name, description, fallback } of variables) {
      const meaning = `${name} ${description}`;
      if (!rows.has(meaning)) rows.set(meaning, { name, description, uses: [] });
      rows.get(meaning).uses.push({ service, fallback });
    }
  }
  const byName = [...rows.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row);
  return aligned([
    ['variable', 'services', 'default', 'meaning'],
    ...byName.map(({ name, description, uses }) => [
      `\`${name}\``,
      uses.map(({ service }) => service).join(', '),
      defaultOf(uses),
      description.replaceAll('|', '\\|'),
    ]),
  ]);
}

function defaultOf(uses) {
  const one = ({ fallback }) => (fallback === null ? '**required**' : fallback === '' ? '' : `\`${fallback}\``);
  const isSame = uses.every(({ fallback }) => fallback === uses[0].fallback);
  return isSame ? one(uses[0]) : uses.map((use) => `${one(use)} (${use.service})`).join(', ');
}

/** Pads all cells of a column to one width, like prettier; the first row is the heading. */
function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [heading, ...others] = rows;
  return [line(heading), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join('\n');
}

/** The README with the table between its two markers. */
export function withTable(readme, table) {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`README.md needs the lines ${BEGIN} and ${END}, in this order.`);
  return `${readme.slice(0, begin)}${BEGIN}\n\n${table}\n\n${readme.slice(end)}`;
}
