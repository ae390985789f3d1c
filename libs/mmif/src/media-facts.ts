import type { AnnotationList, Mmif, Properties } from './model.js';
import { type JsonObject, member } from './parse-json.js';
import { sharedProperties } from './shared-properties.js';
import { shortType } from './short-type.js';
import { toMilliseconds, toNumber } from './time-unit.js';

/** What is known about the media of a document. */
interface Known {
  fps?: number;
  frameCount?: number;
  /** Milliseconds. */
  duration?: number;
}

/** What documents say about their media, and apps in annotations of type `Annotation`. */
export interface MediaFacts {
  /** Frames per second of a document; when that is not known, of any other document; else null. */
  readonly fps: (document?: string) => number | null;
  /** The longest duration of a document, in milliseconds: stated, or frames by frame rate; else null. */
  readonly duration: number | null;
}

/** Collects frame rate and duration; where two annotations disagree the later one counts, as in mmif-python. */
export function mediaFacts(mmif: Mmif<AnnotationList>): MediaFacts {
  const known = new Map<string, Known>();
  const learn = (document: string, properties: JsonObject) => {
    const before = known.get(document);
    const found = { ...before, ...facts(properties, before?.fps) };
    if (Object.keys(found).length > 0) known.set(document, found);
  };
  for (const { properties } of mmif.documents) learn(properties.id, properties);
  for (const view of mmif.views) {
    const shared = sharedProperties(view);
    for (const { '@type': type, properties } of view.annotations) {
      if (!type.includes('Annotation') || shortType(type) !== 'Annotation') continue;
      const all: Properties = { ...shared(type), ...properties };
      learn(String(member(all, 'document') ?? ''), all);
    }
  }
  const rates = new Map([...known].flatMap(([document, { fps }]) => (fps === undefined ? [] : [[document, fps]])));
  const durations = [...known.values()].flatMap((facts) => durationOf(facts) ?? []);
  const [anyRate = null] = rates.values();
  return {
    fps: (document) => (document === undefined ? undefined : rates.get(document)) ?? anyRate,
    duration: durations.length === 0 ? null : Math.max(...durations),
  };
}

function facts(properties: JsonObject, knownFps: number | undefined): Known {
  const positive = (name: string) => {
    const number = toNumber(member(properties, name));
    return number !== null && number > 0 ? number : undefined;
  };
  const [fps, frameCount] = [positive('fps'), positive('frameCount')];
  const duration = toMilliseconds(
    positive('duration'),
    member(properties, 'durationTimeUnit'),
    fps ?? knownFps ?? null,
  );
  return {
    ...(fps === undefined ? {} : { fps }),
    ...(frameCount === undefined ? {} : { frameCount }),
    ...(duration === null ? {} : { duration }),
  };
}

function durationOf({ fps, frameCount, duration }: Known): number | null {
  if (duration !== undefined) return duration;
  return fps === undefined || frameCount === undefined ? null : Math.round((frameCount / fps) * 1000);
}
