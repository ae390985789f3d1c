import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { schemaTables } from '../libs/database/src/schema-tables.js';
import { erDiagram, schemaPage, tableWords } from './schema-diagram.mjs';

describe('the schema page of libs/database', () => {
  it('is what "npm run docs" writes: run that when this fails', async () => {
    expect(readFileSync('libs/database/SCHEMA.md', 'utf8')).toBe(schemaPage(await schemaTables(), tableWords()));
  });

  it('says of every table what it is', async () => {
    const words = tableWords();
    expect((await schemaTables()).map(({ name }) => name).filter((name) => !words.has(name))).toEqual([]);
  });
});

describe(erDiagram, () => {
  it('shows keys, references and what may be missing', () => {
    const id = { name: 'id', type: 'integer', isKey: true, isNullable: false, refersTo: null };
    const appId = { name: 'app_id', type: 'integer', isKey: true, isNullable: false, refersTo: 'apps' };
    const at = { name: 'at', type: 'timestamp with time zone', isKey: false, isNullable: true, refersTo: null };
    const tables = [
      { name: 'apps', columns: [id] },
      { name: 'breakers', columns: [appId, at] },
    ];
    expect(erDiagram(tables).split('\n')).toEqual([
      'erDiagram',
      '  apps ||--o{ breakers : "app_id"',
      '  apps {',
      '    integer id PK',
      '  }',
      '  breakers {',
      '    integer app_id PK, FK',
      '    timestamp_with_time_zone at "may be null"',
      '  }',
    ]);
  });
});
