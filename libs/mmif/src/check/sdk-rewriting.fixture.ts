import { type LooseAnnotation, type LooseMmif, type LooseView, OLD } from './mmif-arbitrary.fixture.js';

/**
 * How SDKs rewrite documents, as observed with mmif-python 1.0.8, 1.1.2 and 1.5.4; each function changes a document in
 * place.
 */
export const REWRITINGS: Readonly<Record<string, (mmif: LooseMmif) => void>> = {
  'long ids and references': (mmif) => {
    const documents = new Set(mmif.documents.map(({ properties }) => properties['id']));
    for (const view of mmif.views) {
      const long = (id: unknown) => (documents.has(id) || String(id).includes(':') ? id : `${view.id}:${String(id)}`);
      for (const { properties } of view.annotations) {
        properties['id'] = `${view.id}:${String(properties['id'])}`;
        for (const name of ['document', 'source', 'target']) {
          if (name in properties) properties[name] = long(properties[name]);
        }
        for (const name of ['targets', 'representatives']) {
          const found = properties[name];
          if (Array.isArray(found)) properties[name] = found.map(long);
        }
      }
    }
  },
  'types without annotations dropped from contains': (mmif) => {
    for (const { metadata, annotations } of mmif.views) {
      const used = new Set(annotations.map((annotation) => annotation['@type']));
      for (const type of Object.keys(metadata.contains ?? {})) if (!used.has(type)) delete metadata.contains![type];
    }
  },
  'an Annotation added to the last earlier view with content': (mmif) => {
    const view = mmif.views.findLast(({ metadata }) => metadata.contains);
    if (!view) return;
    const type = `${OLD}/Annotation/v6`;
    view.metadata.contains![type] ??= {};
    view.annotations.push({ '@type': type, properties: { id: `${view.id}:an_99`, document: 'd2', hue: 5 } });
  },
  'another order of members': (mmif) => {
    const reversed = reverseMembers(mmif) as LooseMmif;
    Object.assign(mmif, reversed);
  },
  'empty members dropped': (mmif) => {
    for (const { properties } of [...mmif.documents, ...mmif.views.flatMap(({ annotations }) => annotations)]) {
      for (const [name, value] of Object.entries(properties)) if (value === null) delete properties[name];
      const { text } = properties;
      if (isText(text) && text['@language'] === '') delete text['@language'];
    }
    if (mmif.metadata['note'] === null) delete mmif.metadata['note'];
  },
  'properties under their current names': (mmif) => {
    for (const { '@type': type, properties } of mmif.views.flatMap(({ annotations }) => annotations)) {
      if (type.includes('/TimeFrame/')) rename(properties, 'frameType', 'label');
      if (type.includes('/Token/')) rename(properties, 'word', 'text');
    }
  },
  'shared properties moved to contains': (mmif) => mmif.views.forEach(share),
  'a location URI instead of a path': (mmif) => {
    mmif.documents[0]!.properties['location'] = 'file:///media/a%20b%281%29.mp4';
  },
  'types of the LAPPS Grid as types of CLAMS': (mmif) => {
    for (const annotation of mmif.views.flatMap(({ annotations }) => annotations)) {
      annotation['@type'] = annotation['@type'].replace(`${OLD}/Token/v1`, 'http://vocab.lappsgrid.org/Token');
    }
  },
};

const isText = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The same value with the members of all its objects in reverse order. */
function reverseMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseMembers);
  if (!isText(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reverseMembers(member)]),
  );
}

function rename(properties: Record<string, unknown>, old: string, current: string): void {
  if (!(old in properties)) return;
  properties[current] = properties[old];
  delete properties[old];
}

/** Does what `factor_out_shared_properties` of mmif-python 1.5 does. */
function share({ metadata, annotations }: LooseView): void {
  const kept = new Set(['start', 'end', 'targets', 'source', 'target', 'representatives', 'text', 'id']);
  for (const type of new Set(annotations.map((annotation) => annotation['@type']))) {
    const [first, ...others] = annotations.filter((annotation) => annotation['@type'] === type);
    if (!first || others.length === 0) continue;
    const sameAs = (name: string) => (other: LooseAnnotation) =>
      Object.hasOwn(other.properties, name) &&
      JSON.stringify(other.properties[name]) === JSON.stringify(first.properties[name]);
    for (const name of Object.keys(first.properties)) {
      if (kept.has(name) || !others.every(sameAs(name))) continue;
      metadata.contains ??= {};
      metadata.contains[type] = Object.fromEntries([
        ...Object.entries(metadata.contains[type] ?? {}),
        [name, first.properties[name]],
      ]);
      for (const { properties } of [first, ...others]) delete properties[name];
    }
  }
}

/** Writes JSON with every whole number as `7000.0`, as Python writes floats. */
export function withDecimals(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : `${value}`;
  if (Array.isArray(value)) return `[${value.map(withDecimals).join(', ')}]`;
  if (!isText(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}: ${withDecimals(member)}`)
    .join(', ')}}`;
}
