import type { AnnotationList, Mmif, Properties } from '../model/mmif.js';
import { type JsonObject, member } from '../model/json.js';
import { sharedProperties } from '../model/annotations.js';
import { shortType } from '../model/type-uri.js';
import { toMilliseconds, toNumber } from './time-unit.js';

/** Properties of one document's media, as far as they are stated. */
interface Stated {
  fps?: number;
  frameCount?: number;
  /** Milliseconds. */
  duration?: number;
}

/** Properties of the media, which documents state themselves and apps state in annotations of type `Annotation`. */
export interface MediaProperties {
  /** Frames per second of a document; if unknown, those of any other document; else null. */
  readonly fps: (document?: string) => number | null;
  /** The longest duration of a document in milliseconds, either stated or frame count / frame rate; else null. */
  readonly duration: number | null;
}

/** Collects frame rates and durations; if two annotations disagree, the later one wins, as in mmif-python. */
export function mediaProperties(mmif: Mmif<AnnotationList>): MediaProperties {
  const stated = new Map<string, Stated>();
  const collect = (document: string, properties: JsonObject) => {
    const before = stated.get(document);
    const merged = { ...before, ...statedIn(properties, before?.fps) };
    if (Object.keys(merged).length > 0) stated.set(document, merged);
  };
  for (const { properties } of mmif.documents) collect(properties.id, properties);
  for (const view of mmif.views) {
    const shared = sharedProperties(view);
    for (const { '@type': type, properties } of view.annotations) {
      if (!type.includes('Annotation') || shortType(type) !== 'Annotation') continue;
      const all: Properties = { ...shared(type), ...properties };
      collect(String(member(all, 'document') ?? ''), all);
    }
  }
  const rates = new Map([...stated].flatMap(([document, { fps }]) => (fps === undefined ? [] : [[document, fps]])));
  const durations = [...stated.values()].flatMap((properties) => durationOf(properties) ?? []);
  const [anyRate = null] = rates.values();
  return {
    fps: (document) => (document === undefined ? undefined : rates.get(document)) ?? anyRate,
    duration: durations.length === 0 ? null : Math.max(...durations),
  };
}

function statedIn(properties: JsonObject, knownFps: number | undefined): Stated {
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

function durationOf({ fps, frameCount, duration }: Stated): number | null {
  if (duration !== undefined) return duration;
  return fps === undefined || frameCount === undefined ? null : Math.round((frameCount / fps) * 1000);
}
