import { describe, expect, it } from '@jest/globals';
import { settingsOf } from './known-things.js';

describe(settingsOf, () => {
  it('binds a parameter to existing objects, with the most specific binding', () => {
    const things = { batch: [7, 8], 'spare batch': [9] };
    const settings = settingsOf(things, ['GET /api/batches/{id}', 'DELETE /api/batches/{id}']);
    expect(settings).toContain('[dictionaries.batch]\nvalues = [7,8]');
    expect(settings).toContain('[dictionaries.spare-batch]\nvalues = [9]');
    expect(settings).toMatch(
      /include-name = "GET \/api\/batches\/\{id\}"\n\[operations\.parameters\]\n"path\.id" = \{ dictionary = "batch"/,
    );
    expect(settings).toMatch(
      /include-name = "DELETE \/api\/batches\/\{id\}"\n\[operations\.parameters\]\n"path\.id" = \{ dictionary = "spare-batch"/,
    );
  });

  it('adds property names of every JavaScript object to the existing names', () => {
    const settings = settingsOf({ app: ['a_v1', 'b_v1'], batch: [7] }, []);
    expect(settings).toContain('values = ["a_v1","b_v1","a_v1","b_v1","a_v1","b_v1","constructor","__proto__"]');
    expect(settings).toContain('values = [7]\n');
  });

  it('contains nothing for unknown objects and for operations without parameters', () => {
    expect(settingsOf({}, ['GET /api/batches/{id}'])).toBe('');
    expect(settingsOf({ run: [] }, ['GET /api/runs/{id}'])).toBe('');
    expect(settingsOf({ batch: [7] }, ['GET /api/batches', 'GET /api/runs/{id}'])).not.toContain('[[operations]]');
  });
});
