import { describe, expect, it } from '@jest/globals';
import { classifyWarnings } from './view-contents.js';

describe('classifyWarnings', () => {
  it.each([
    ["{message : DeprecationWarning('\"frameType\" is deprecated'), category : 'DeprecationWarning', filename : 'x'}"],
    ["{message : UserWarning('version difference detected: v1&v2@VideoDocument'), category : 'UserWarning'}"],
    ['DeprecationWarning: get_last() is deprecated'],
    ['version difference detected: v1&v2@VideoDocument'],
    ['UserWarning: version difference detected: v5&v6@TimeFrame'],
  ])('returns a message of the SDK about itself as a notice: %s', (warning) => {
    expect(classifyWarnings([warning])).toEqual({ notices: [warning], warnings: [] });
  });

  it.each([
    ["{message : UserWarning('careful'), category : 'UserWarning', filename : '/app/app.py'}"],
    ["{message : FutureWarning('inputs is deprecated'), category : 'FutureWarning'}"],
    ["{message : UserWarning('saw a DeprecationWarning('), category : 'UserWarning'}"],
    ['An undefined parameter "x" (value: "1") is passed'],
    ['No TimePoint annotations found'],
    ['version difference detected between two models'],
  ])('returns a message of the app as a warning: %s', (warning) => {
    expect(classifyWarnings([warning])).toEqual({ notices: [], warnings: [warning] });
  });
});
