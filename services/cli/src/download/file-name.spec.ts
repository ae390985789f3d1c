import { describe, expect, it } from '@jest/globals';
import { proposedName } from './file-name.js';

describe(proposedName, () => {
  it.each([
    ['attachment; filename="batch-12.zip"', 'batch-12.zip'],
    ['attachment; filename=batch-12.zip', 'batch-12.zip'],
    ['attachment; filename="x.zip"; filename*=UTF-8\'\'Ta%20pes.zip', 'Ta pes.zip'],
    ["attachment; filename*=UTF-8''%E0%A4%A", null],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    ['attachment; filename="..\\\\x"', 'x'],
    ['attachment; filename=".bashrc"', null],
    ['attachment', null],
    [null, null],
  ])('reads %j as %j', (header, name) => expect(proposedName(header)).toBe(name));
});
