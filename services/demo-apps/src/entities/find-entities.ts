import nlp from 'compromise';
import { type Passage, passagesOf } from './passages.js';

/** Categories of names, in the spelling of CLAMS apps. */
export type Category = 'PERSON' | 'LOCATION' | 'ORGANIZATION';

/** A part of a text; `start` and `end` (exclusive) count UTF-16 code units from the start of the whole text. */
export interface Mention {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A name in a text. */
export interface Entity extends Mention {
  readonly category: Category;
}

/** Sentences and names of a text, in text order. */
export interface Language {
  readonly sentences: readonly Mention[];
  readonly entities: readonly Entity[];
}

const KINDS = 'university|college|institute|institution|museum|foundation|council|department|society|library';
// Patterns for organisations and places that compromise does not recognise on its own.
const ORGANISATIONS = [
  `(@isTitleCase && !#Determiner)+ (${KINDS})`,
  'national @isTitleCase? (service|gallery|guard|archives)',
  `(${KINDS}) of @isTitleCase+`,
];
const UNKNOWN = '@isTitleCase && !#Organization && !#Person && !#Actor && !#Date';
const PLACES = [`[(@hasComma && ${UNKNOWN})] #Place`, `(in|near) [(${UNKNOWN})]`];

type Document = ReturnType<typeof nlp>;

function analyse(text: string): Document {
  const document = nlp(text);
  // "Museum of Modern Art, New York": the name of an organisation ends at the comma.
  const phrases = document.splitAfter('@hasComma');
  for (const pattern of ORGANISATIONS) phrases.match(pattern).tag('Organization');
  for (const pattern of PLACES) document.match(pattern, 0).tag('Place');
  return document;
}

interface Place {
  readonly offset: { readonly start: number; readonly length: number };
}

/** The common interface of the results of compromise. */
interface Found {
  json(options: { offset: true }): unknown;
}

const placesOf = (found: Found) => found.json({ offset: true }) as Place[];

/** The names that compromise found, without surrounding punctuation. */
function mentions(found: Found, passage: Passage): Mention[] {
  return placesOf(found).flatMap(({ offset }) => {
    const raw = passage.text.slice(offset.start, offset.start + offset.length);
    const lead = /^[\s,;:"'“‘(]*/.exec(raw)![0].length;
    const text = raw.slice(lead).replace(/[\s,;:.!?"'”’)]+$/, '');
    const start = passage.offset + offset.start + lead;
    return text === '' ? [] : [{ start, end: start + text.length, text }];
  });
}

const withCategory = (category: Category, found: Mention[]) => found.map((mention) => ({ ...mention, category }));

/** The sentences that compromise found, with their punctuation. */
function sentences(document: Found, passage: Passage): Mention[] {
  return placesOf(document).map(({ offset }) => {
    const text = passage.text.slice(offset.start, offset.start + offset.length).trimEnd();
    const start = passage.offset + offset.start;
    return { start, end: start + text.length, text };
  });
}

/** Finds sentences, people, places and organisations in English on-screen text. */
export function findEntities(text: string): Language {
  const found = passagesOf(text).map((passage) => {
    const document = analyse(passage.text);
    return {
      sentences: sentences(document, passage),
      entities: [
        ...withCategory('PERSON', mentions(document.people(), passage)),
        ...withCategory('LOCATION', mentions(document.places(), passage)),
        ...withCategory('ORGANIZATION', mentions(document.organizations(), passage)),
      ].sort((left, right) => left.start - right.start),
    };
  });
  return {
    sentences: found.flatMap((passage) => passage.sentences),
    entities: found.flatMap((passage) => passage.entities),
  };
}
