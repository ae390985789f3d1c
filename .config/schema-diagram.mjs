import { readdirSync, readFileSync } from 'node:fs';

const ENTITIES = 'libs/database/src/entities';

/** The first doc sentence of each entity, by table. */
export function tableWords() {
  const sources = readdirSync(ENTITIES).map((file) => readFileSync(`${ENTITIES}/${file}`, 'utf8'));
  const documented = /\/\*\*((?:(?!\*\/)[^])*)\*\/\n@Entity\('(\w+)'\)/g;
  const words = sources.flatMap((source) =>
    [...source.matchAll(documented)].map(([, comment, table]) => [table, firstSentence(comment)]),
  );
  return new Map(words);
}

const firstSentence = (comment) =>
  comment
    .replaceAll(/^\s*\* ?/gm, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/(?<=[.]) [^]*$/, '');

/** A Mermaid diagram of tables as `schemaTables` of libs/database gives them. */
export function erDiagram(tables) {
  const relations = tables.flatMap(({ name, columns }) =>
    columns
      .filter(({ refersTo }) => refersTo !== null)
      .map((column) => `  ${column.refersTo} ${column.isNullable ? '|o' : '||'}--o{ ${name} : "${column.name}"`),
  );
  const entities = tables.flatMap(({ name, columns }) => [
    `  ${name} {`,
    ...columns.map((column) => `    ${columnLine(column)}`),
    '  }',
  ]);
  return ['erDiagram', ...relations, ...entities].join('\n');
}

function columnLine({ name, type, isKey, isNullable, refersTo }) {
  const keys = [...(isKey ? ['PK'] : []), ...(refersTo === null ? [] : ['FK'])].join(', ');
  const note = isNullable ? '"may be null"' : '';
  return [type.replaceAll(' ', '_'), name, keys, note].filter((part) => part !== '').join(' ');
}

/** The page that shows the schema. */
export function schemaPage(tables, words) {
  const list = tables.map(({ name }) => `- \`${name}\`${words.has(name) ? `: ${words.get(name)}` : ''}`);
  return [
    '# The schema',
    '',
    '<!-- Written by "npm run docs". -->',
    '',
    ...list,
    '',
    '```mermaid',
    erDiagram(tables),
    '```',
    '',
  ].join('\n');
}
