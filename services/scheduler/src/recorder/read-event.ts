import { decodeBody, type StageEvent, stageEventSchema } from '#libs/contracts';

/** An event understood, with the inline output behind its first line. */
export interface ReadEvent {
  readonly event: StageEvent;
  readonly inline: Uint8Array;
}

/** Reads an event of this installation; a text says why it is none. */
export function readEvent(body: Uint8Array, installation: string): ReadEvent | string {
  try {
    const { head, rest } = decodeBody(body);
    const event = stageEventSchema.safeParse(head);
    if (!event.success) {
      const issue = event.error.issues[0]!;
      return `The first line is no event: ${issue.path.join('.')} ${issue.message}.`;
    }
    if (event.data.installation !== installation) return `The event is of installation ${event.data.installation}.`;
    return { event: event.data, inline: rest };
  } catch {
    return 'The first line is no JSON.';
  }
}
