import { describe, expect, it } from '@jest/globals';
import { findEntities } from './find-entities.js';

const named = (text: string) => findEntities(text).entities.map(({ category, text: name }) => `${category} ${name}`);

describe('the names in a text', () => {
  it('include people, places and organisations in news sentences', () => {
    const news =
      'Governor Anne Whitfield spoke near Montpelier for the National Park Service. ' +
      'Peter Novak of Stanford University flew from Seattle to London.';
    expect(named(news)).toEqual([
      'PERSON Anne Whitfield',
      'LOCATION Montpelier',
      'ORGANIZATION National Park Service',
      'PERSON Peter Novak',
      'ORGANIZATION Stanford University',
      'LOCATION Seattle',
      'LOCATION London',
    ]);
  });

  it('include a town with its state in captions', () => {
    expect(named('Margaret Olsen\nReporter, Burlington, Vermont')).toEqual([
      'PERSON Margaret Olsen',
      'LOCATION Burlington, Vermont',
    ]);
  });

  it('end at the comma for an organisation with its town', () => {
    expect(named('Museum of Modern Art, New York')).toEqual(['ORGANIZATION Museum of Modern Art', 'LOCATION New York']);
  });

  it('do not include the heading of a slate line', () => {
    expect(named('DIRECTOR: Paul Bennett\nTAPE: 0682')).toEqual(['PERSON Paul Bennett']);
  });

  it('can contain a line break in prose', () => {
    expect(named('He worked for the Smithsonian\nInstitution in Washington.')).toEqual([
      'ORGANIZATION Smithsonian Institution',
      'LOCATION Washington',
    ]);
  });

  it('do not include months and days after "in"', () => {
    expect(named('The museum opened in March and closed in Boston.')).toEqual(['LOCATION Boston']);
  });

  it('are empty for text without names', () => {
    expect(named('The rain went on for three days.')).toEqual([]);
  });

  it('are in the text at their reported positions', () => {
    const text = 'TITLE: A Walk\n\nJohn Ellery built a wall in\nChicago. Alice left.\n\nWilliam Hayes';
    const { entities, sentences } = findEntities(text);
    for (const { start, end, text: said } of [...entities, ...sentences]) {
      expect(text.slice(start, end).replaceAll('\n', ' ')).toBe(said);
    }
    expect(sentences.map((sentence) => sentence.text)).toEqual([
      'A Walk',
      'John Ellery built a wall in Chicago.',
      'Alice left.',
      'William Hayes',
    ]);
  });
});
